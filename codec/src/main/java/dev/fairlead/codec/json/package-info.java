/** JSON as bytes: looked at where asked, edited in place of nothing else. */
@NullMarked
package dev.fairlead.codec.json;

import org.jspecify.annotations.NullMarked;
