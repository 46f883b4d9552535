/** The benchmark: starts every system in its own process, loads them in turn and prints ratios. */
@NullMarked
package dev.fairlead.bench;

import org.jspecify.annotations.NullMarked;
