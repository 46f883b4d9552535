package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;

/**
 * An entity of the file, as it stands there.
 *
 * @param kind kind of the entity, as the database calls it
 * @param place where it stands, in words
 */
record FileEntity(String kind, String id, String name, Json.Obj item, String place) {}
