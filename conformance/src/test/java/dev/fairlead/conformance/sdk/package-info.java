/** The vendors' own Java SDKs as clients. */
@NullMarked
package dev.fairlead.conformance.sdk;

import org.jspecify.annotations.NullMarked;
