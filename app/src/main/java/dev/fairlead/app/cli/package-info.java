/** The command line: what can be typed behind the program's name, and what it prints. */
@NullMarked
package dev.fairlead.app.cli;

import org.jspecify.annotations.NullMarked;
