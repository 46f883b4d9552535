/** From one dialect to another: what each dialect must offer, and the readers that join two. */
@NullMarked
package dev.fairlead.codec.translate;

import org.jspecify.annotations.NullMarked;
