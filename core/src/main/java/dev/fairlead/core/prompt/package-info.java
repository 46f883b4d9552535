/** A prompt in no vendor's form: what every dialect can be read into and written from. */
@NullMarked
package dev.fairlead.core.prompt;

import org.jspecify.annotations.NullMarked;
