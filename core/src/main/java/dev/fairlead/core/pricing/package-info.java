/** From token usage to money, in integers. */
@NullMarked
package dev.fairlead.core.pricing;

import org.jspecify.annotations.NullMarked;
