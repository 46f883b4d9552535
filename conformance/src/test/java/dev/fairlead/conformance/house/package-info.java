/** The rules of this code base, as tests. */
@NullMarked
package dev.fairlead.conformance.house;

import org.jspecify.annotations.NullMarked;
