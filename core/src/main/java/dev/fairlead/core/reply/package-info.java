/** A reply in no vendor's form: the events every dialect's stream or body can be read into. */
@NullMarked
package dev.fairlead.core.reply;

import org.jspecify.annotations.NullMarked;
