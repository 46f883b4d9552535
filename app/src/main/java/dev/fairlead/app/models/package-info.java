/** The catalogue of models: what ships with the product, and what providers list themselves. */
@NullMarked
package dev.fairlead.app.models;

import org.jspecify.annotations.NullMarked;
