/** The dashboard in a real browser, on a running gateway with scripted providers. */
@NullMarked
package dev.fairlead.conformance.browser;

import org.jspecify.annotations.NullMarked;
