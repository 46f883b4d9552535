/** The prices Fairlead ships with, and reading files of that form. */
@NullMarked
package dev.fairlead.app.pricing;

import org.jspecify.annotations.NullMarked;
