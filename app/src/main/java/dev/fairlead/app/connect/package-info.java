/** What has arrived of each kind of client, for whoever sets one up. */
@NullMarked
package dev.fairlead.app.connect;

import org.jspecify.annotations.NullMarked;
