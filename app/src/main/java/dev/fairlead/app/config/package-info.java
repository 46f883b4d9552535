/**
 * From files and the environment to one immutable snapshot: reading, checking, references,
 * detection, reload.
 */
@NullMarked
package dev.fairlead.app.config;

import org.jspecify.annotations.NullMarked;
