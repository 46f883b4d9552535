/** The request log: what is captured of requests, how it is written, asked for and stopped. */
@NullMarked
package dev.fairlead.app.logs;

import org.jspecify.annotations.NullMarked;
