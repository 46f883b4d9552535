/** The databases of an app directory, opened and closed as the configuration says. */
@NullMarked
package dev.fairlead.app.store;

import org.jspecify.annotations.NullMarked;
