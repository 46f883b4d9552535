/** Who is asking: from credentials and the circumstances of the connection to a principal. */
@NullMarked
package dev.fairlead.core.identity;

import org.jspecify.annotations.NullMarked;
