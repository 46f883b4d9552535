/** People who may administer the gateway, their sessions and tokens, and what they did. */
@NullMarked
package dev.fairlead.store.admin;

import org.jspecify.annotations.NullMarked;
