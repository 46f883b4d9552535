/**
 * The running gateway: its parts put together by hand, started, and stopped without losing
 * anything.
 */
@NullMarked
package dev.fairlead.app.serve;

import org.jspecify.annotations.NullMarked;
