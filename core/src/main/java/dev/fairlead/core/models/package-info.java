/**
 * What is known of models: their windows, limits, capabilities, ends, and the words of overflow.
 */
@NullMarked
package dev.fairlead.core.models;

import org.jspecify.annotations.NullMarked;
