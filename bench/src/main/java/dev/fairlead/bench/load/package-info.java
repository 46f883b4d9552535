/**
 * The load generator: closed loop, open loop and held streams, each measured with the server's CPU.
 */
@NullMarked
package dev.fairlead.bench.load;

import org.jspecify.annotations.NullMarked;
