/**
 * Ready-made replies in the documented shapes of each vendor, one family of classes for each wire
 * format.
 */
@NullMarked
package dev.fairlead.testkit.replies;

import org.jspecify.annotations.NullMarked;
