/** What the Cursor editor sends to a Chat path, which is often no Chat body, and what it wants. */
@NullMarked
package dev.fairlead.codec.cursor;

import org.jspecify.annotations.NullMarked;
