/** What the gateway needs to know of a request body, and the edits that follow from it. */
@NullMarked
package dev.fairlead.codec.inspect;

import org.jspecify.annotations.NullMarked;
