/** Child processes and what the operating system says they cost. */
@NullMarked
package dev.fairlead.bench.process;

import org.jspecify.annotations.NullMarked;
