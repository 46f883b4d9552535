/** What the control API shows and changes of the configuration. */
@NullMarked
package dev.fairlead.app.admin.control;

import org.jspecify.annotations.NullMarked;
