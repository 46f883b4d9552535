package dev.fairlead.app.config;

import dev.fairlead.core.config.Origin;

/**
 * An entity of the configuration, for people and programs that manage it.
 *
 * @param kind {@code provider}, {@code provider_key}, {@code virtual_key}, {@code team} …
 * @param id unique within its kind
 * @param name for people
 * @param json the entity as it is written, secrets masked and values of virtual keys left out
 * @param origin where it stands; only entities of the database can be changed here
 * @param revision of the database at its last change, 0 for entities of other places
 */
public record Entity(
    String kind, String id, String name, String json, Origin origin, long revision) {}
