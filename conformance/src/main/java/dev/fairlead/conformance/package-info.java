/**
 * Fairlead as its clients see it: the vendors' SDKs and programs against a running gateway and
 * scripted providers.
 */
@NullMarked
package dev.fairlead.conformance;

import org.jspecify.annotations.NullMarked;
