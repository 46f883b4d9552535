/** What can go wrong, classified by where it happened, as one sealed type. */
@NullMarked
package dev.fairlead.core.failure;

import org.jspecify.annotations.NullMarked;
