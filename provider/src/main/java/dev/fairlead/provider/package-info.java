/**
 * What Fairlead knows of providers before anybody configures one: addresses, credentials, quirks,
 * as rows of data.
 */
@NullMarked
package dev.fairlead.provider;

import org.jspecify.annotations.NullMarked;
