/** Reading what policy must know of a request's body, and editing only what policy demands. */
@NullMarked
package dev.fairlead.codec.inspect;

import org.jspecify.annotations.NullMarked;
