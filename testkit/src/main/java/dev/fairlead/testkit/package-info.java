/**
 * Everything a test needs around the gateway: a scripted provider, a raw client, a clock moved by
 * hand.
 */
@NullMarked
package dev.fairlead.testkit;

import org.jspecify.annotations.NullMarked;
