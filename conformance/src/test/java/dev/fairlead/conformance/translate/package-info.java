/** Every client's dialect on every provider's, through the vendors' SDKs. */
@NullMarked
package dev.fairlead.conformance.translate;

import org.jspecify.annotations.NullMarked;
