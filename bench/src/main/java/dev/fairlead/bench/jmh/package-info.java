/** JMH benchmarks of single pieces of the request path. */
@NullMarked
package dev.fairlead.bench.jmh;

import org.jspecify.annotations.NullMarked;
