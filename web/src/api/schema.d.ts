// Made from the OpenAPI document of the server by scripts/api-types.sh; not edited by hand.

export interface paths {
    "/api": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a client begins */
        get: operations["landing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/basemap/{z}/{x}/{y}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A tile of the map under this one, where one is configured */
        get: operations["basemapTile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All collections */
        get: operations["collections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/incidents/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Incidents, page by page */
        get: operations["incidents"];
        put?: never;
        /** Reports an incident */
        post: operations["createIncident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/incidents/items/{featureId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One incident, with the ETag that changing it needs */
        get: operations["getIncident"];
        /** Puts another incident in the place of this one */
        put: operations["replaceIncident"];
        post?: never;
        /** Deletes it */
        delete: operations["deleteIncident"];
        options?: never;
        head?: never;
        /** Changes some members (RFC 7396) */
        patch: operations["updateIncident"];
        trace?: never;
    };
    "/api/collections/staff/items/{featureId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One member of staff, with the ETag that moving needs */
        get: operations["getStaff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Where somebody is now, and whether on duty (RFC 7396) */
        patch: operations["moveStaff"];
        trace?: never;
    };
    "/api/collections/{collectionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One collection */
        get: operations["collection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/{collectionId}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Features, page by page */
        get: operations["items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/{collectionId}/items/{featureId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["item"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/{collectionId}/items/{featureId}/neighbours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who borders an area (of its own level) or a piece */
        get: operations["neighbours"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/{collectionId}/neighbours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every pair of neighbours once */
        get: operations["neighbourPairs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/{collectionId}/queryables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What it may be filtered by */
        get: operations["queryables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/{collectionId}/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its properties, as JSON Schema */
        get: operations["schema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/{collectionId}/sortables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What it may be sorted by */
        get: operations["sortables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/{collectionId}/tiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tilesets of a collection */
        get: operations["collectionTilesets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/{collectionId}/tiles/{tileMatrixSetId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A tileset of a collection: layers, limits, links */
        get: operations["collectionTileset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A vector tile of a collection */
        get: operations["collectionTile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conformance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The conformance classes that are met */
        get: operations["conformance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/crosswalk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each grid and each beat have in common, with shares of both by area, addresses and residents */
        get: operations["crosswalk"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/fonts/{stack}/{range}.pbf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The glyphs of 256 characters */
        get: operations["glyphs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process lives */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/locate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is responsible for a point */
        get: operations["locate"];
        put?: never;
        /** Many points: the same rows with grid, beat and piece added, streamed */
        post: operations["locateMany"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counters for Prometheus */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/mismatch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Areas of one side, ranked by how badly those of the other cut them */
        get: operations["mismatch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/nearest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The nearest addresses, incidents, or staff on duty */
        get: operations["nearest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.html": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document for people */
        get: operations["reference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/raster/{tiling}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts in each cell of a raster */
        get: operations["raster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The map is loaded and follows the store */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Areas by name or code, addresses by a piece of their text, coordinates */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sprites/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A sprite sheet or its index */
        get: operations["sprite"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes as server-sent events */
        get: operations["stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/styles/{name}.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A MapLibre style */
        get: operations["style"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts by grid, beat or piece; or incidents over time in each */
        get: operations["summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tileMatrixSets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tile matrix sets */
        get: operations["tileMatrixSets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tileMatrixSets/{tileMatrixSetId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The definition of a tile matrix set */
        get: operations["tileMatrixSet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tilesets of the map */
        get: operations["tilesets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tiles/{layers}.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** TileJSON 3.0.0 of some layers */
        get: operations["tilejson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tiles/{layers}/{z}/{x}/{y}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A vector tile (MVT 2.1) */
        get: operations["tile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tiles/{tileMatrixSetId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A tileset of the map: layers, limits, links */
        get: operations["tileset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A vector tile of the map */
        get: operations["mapTile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/within": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What lies on some ground: how many, and which */
        post: operations["within"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description event: change. Its id is n. An import is one change, with the number of its rows. */
        ChangeEvent: {
            /** Format: date-time */
            at: string;
            bbox: [
                number,
                number,
                number,
                number
            ] | null;
            beat: string | null;
            collection: string;
            fid: number | null;
            grid: string | null;
            n: number;
            /** @enum {unknown} */
            op: "insert" | "update" | "delete" | "import";
            rows?: number;
        };
        Feature: components["schemas"]["gridsFeature"] | components["schemas"]["beatsFeature"] | components["schemas"]["piecesFeature"] | components["schemas"]["addressesFeature"] | components["schemas"]["incidentsFeature"] | components["schemas"]["staffFeature"] | components["schemas"]["departmentFeature"];
        FeatureCollection: {
            features: components["schemas"]["Feature"][];
            links: components["schemas"]["Link"][];
            numberMatched: number;
            numberReturned: number;
            /** Format: date-time */
            timeStamp: string;
            /** @constant */
            type: "FeatureCollection";
        };
        /** @description event: enter, event: exit. Comes before the change that led across the border of what is wanted. */
        FenceEvent: {
            /** Format: date-time */
            at: string;
            /** @constant */
            collection: "staff";
            fid: number;
            n: number;
        };
        Found: {
            results: {
                bbox?: [
                    number,
                    number,
                    number,
                    number
                ] | null;
                code?: string;
                fid?: number;
                /** @enum {unknown} */
                kind: "grid" | "beat" | "address" | "coordinate";
                lat: number | null;
                level?: string;
                lon: number | null;
                name?: string | null;
                /** @enum {unknown} */
                side?: "grid" | "police";
                text?: string;
            }[];
        };
        /** @description A new incident. The server sets fid, state, reported_at, grid, beat and piece, and code when absent. */
        Incident: {
            geometry: components["schemas"]["Point"];
            properties: {
                address?: string | null;
                category: string;
                code?: string;
                /** @enum {unknown} */
                risk?: "red" | "yellow" | "blue" | null;
                /** @enum {unknown} */
                source?: "patrol" | "resident" | "hotline" | "police" | "sensor" | "superior" | null;
                title?: string | null;
            };
            /** @constant */
            type: "Feature";
        };
        /** @description event: lagging. The reader was too slow and is dropped; going on after n loses nothing. */
        LaggingEvent: {
            missed: number;
            n: number;
        };
        LineString: {
            coordinates: [
                number,
                number
            ][];
            /** @constant */
            type: "LineString";
        };
        Link: {
            href: string;
            rel: string;
            title?: string;
            type?: string;
        };
        Located: {
            beat: components["schemas"]["Responsibility"];
            /** @description On the piece */
            counts: {
                addresses: number;
                incidents_open: number;
                residents: number;
            } | null;
            grid: components["schemas"]["Responsibility"];
            lat: number;
            lon: number;
            piece: string | null;
            share_of_grid: number | null;
        };
        MultiLineString: {
            coordinates: [
                number,
                number
            ][][];
            /** @constant */
            type: "MultiLineString";
        };
        MultiPolygon: {
            coordinates: [
                number,
                number
            ][][][];
            /** @constant */
            type: "MultiPolygon";
        };
        Point: {
            coordinates: [
                number,
                number
            ];
            /** @constant */
            type: "Point";
        };
        Polygon: {
            coordinates: [
                number,
                number
            ][][];
            /** @constant */
            type: "Polygon";
        };
        Problem: {
            detail: string;
            errors?: {
                detail: string;
                parameter: string;
            }[];
            status: number;
            title: string;
            type: string;
        };
        /** @description event: reset. What the reader has is void: read anew, and go on after n. */
        ResetEvent: {
            n: number;
        };
        Responsibility: {
            area_m2: number;
            code: string;
            /** @description Where several areas claim the place, the codes of all of them. The one that answers, whose code comes first, is the first. */
            disputed: string[] | null;
            fid: number;
            level: string;
            name: string | null;
            on_duty: {
                name: string | null;
                phone: string | null;
                role: string | null;
            }[];
            parents: {
                code: string;
                level: string;
                name: string | null;
            }[];
        } | null;
        /** @description What is not named stays. seen_at becomes now when only the place is sent. */
        StaffMove: {
            geometry?: components["schemas"]["Point"] | null;
            properties?: {
                on_duty?: boolean;
                /** Format: date-time */
                seen_at?: string | null;
            };
            /** @constant */
            type?: "Feature";
        };
        TileJSON: {
            bounds?: [
                number,
                number,
                number,
                number
            ];
            center?: [
                number,
                number,
                number
            ];
            maxzoom?: number;
            minzoom?: number;
            name?: string;
            /** @constant */
            scheme?: "xyz";
            /** @constant */
            tilejson: "3.0.0";
            tiles: string[];
            vector_layers: {
                fields: {
                    [key: string]: string;
                };
                id: string;
                maxzoom?: number;
                minzoom?: number;
            }[];
        };
        /** @description event: tiles. One or more come before the change, together with all tiles of Web Mercator that it touched; without ranges it touched none. Each range is [z, x0, y0, x1, y1], ends included. */
        TilesEvent: {
            layers: string[];
            n: number;
            ranges: [
                number,
                number,
                number,
                number,
                number
            ][];
        };
        addressesFeature: {
            geometry: components["schemas"]["Point"] | null;
            id: number;
            links?: components["schemas"]["Link"][];
            properties: {
                beat?: string | null;
                code?: string | null;
                dwellings?: number | null;
                grid?: string | null;
                organisations?: number | null;
                piece?: string | null;
                residents?: number | null;
                text?: string | null;
            };
            /** @constant */
            type: "Feature";
        };
        beatsFeature: {
            geometry: components["schemas"]["MultiPolygon"] | null;
            id: number;
            links?: components["schemas"]["Link"][];
            properties: {
                addresses?: number | null;
                area_m2?: number | null;
                code?: string | null;
                incidents_open?: number | null;
                kind?: string | null;
                level?: string | null;
                name?: string | null;
                parent?: string | null;
                residents?: number | null;
            };
            /** @constant */
            type: "Feature";
        };
        /** @description A feature of a department's layer: its own columns (see its schema), who answers for it, and of lines and polygons the shares of pieces */
        departmentFeature: {
            geometry: components["schemas"]["Point"] | components["schemas"]["MultiLineString"] | components["schemas"]["MultiPolygon"];
            id: number;
            links?: components["schemas"]["Link"][];
            properties: {
                beat?: string | null;
                grid?: string | null;
                piece?: string | null;
                /** @description The parts of the feature by piece, the largest first; null outside both layers */
                shares?: {
                    beat: string | null;
                    grid: string | null;
                    piece: string | null;
                    share: number;
                }[];
            };
            /** @constant */
            type: "Feature";
        };
        gridsFeature: {
            geometry: components["schemas"]["MultiPolygon"] | null;
            id: number;
            links?: components["schemas"]["Link"][];
            properties: {
                addresses?: number | null;
                area_m2?: number | null;
                code?: string | null;
                incidents_open?: number | null;
                kind?: string | null;
                level?: string | null;
                name?: string | null;
                parent?: string | null;
                residents?: number | null;
            };
            /** @constant */
            type: "Feature";
        };
        incidentsFeature: {
            geometry: components["schemas"]["Point"] | null;
            id: number;
            links?: components["schemas"]["Link"][];
            properties: {
                address?: string | null;
                beat?: string | null;
                category?: string | null;
                code?: string | null;
                grid?: string | null;
                piece?: string | null;
                /** Format: date-time */
                reported_at?: string | null;
                risk?: string | null;
                source?: string | null;
                state?: string | null;
                title?: string | null;
            };
            /** @constant */
            type: "Feature";
        };
        piecesFeature: {
            geometry: components["schemas"]["MultiPolygon"] | null;
            id: string;
            links?: components["schemas"]["Link"][];
            properties: {
                addresses?: number | null;
                area_m2?: number | null;
                beat?: string | null;
                grid?: string | null;
                incidents?: number | null;
                piece?: string | null;
                residents?: number | null;
                share_of_beat?: number | null;
                share_of_grid?: number | null;
                sliver?: boolean | null;
            };
            /** @constant */
            type: "Feature";
        };
        staffFeature: {
            geometry: components["schemas"]["Point"] | null;
            id: number;
            links?: components["schemas"]["Link"][];
            properties: {
                area?: string | null;
                code?: string | null;
                on_duty?: boolean | null;
                role?: string | null;
                /** Format: date-time */
                seen_at?: string | null;
                side?: string | null;
            };
            /** @constant */
            type: "Feature";
        };
    };
    responses: {
        /** @description An error (RFC 9457) */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description West, south, (bottom,) east, north(, top); west > east crosses the antimeridian */
        bbox: number[] & (unknown | unknown);
        /** @description The reference system of bbox */
        "bbox-crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857" | "http://www.opengis.net/def/crs/EPSG/0/4491" | "http://www.opengis.net/def/crs/EPSG/0/4492" | "http://www.opengis.net/def/crs/EPSG/0/4493" | "http://www.opengis.net/def/crs/EPSG/0/4494" | "http://www.opengis.net/def/crs/EPSG/0/4495" | "http://www.opengis.net/def/crs/EPSG/0/4496" | "http://www.opengis.net/def/crs/EPSG/0/4497" | "http://www.opengis.net/def/crs/EPSG/0/4498" | "http://www.opengis.net/def/crs/EPSG/0/4499" | "http://www.opengis.net/def/crs/EPSG/0/4500" | "http://www.opengis.net/def/crs/EPSG/0/4501" | "http://www.opengis.net/def/crs/EPSG/0/4502" | "http://www.opengis.net/def/crs/EPSG/0/4503" | "http://www.opengis.net/def/crs/EPSG/0/4504" | "http://www.opengis.net/def/crs/EPSG/0/4505" | "http://www.opengis.net/def/crs/EPSG/0/4506" | "http://www.opengis.net/def/crs/EPSG/0/4507" | "http://www.opengis.net/def/crs/EPSG/0/4508" | "http://www.opengis.net/def/crs/EPSG/0/4509" | "http://www.opengis.net/def/crs/EPSG/0/4510" | "http://www.opengis.net/def/crs/EPSG/0/4511" | "http://www.opengis.net/def/crs/EPSG/0/4512" | "http://www.opengis.net/def/crs/EPSG/0/4513" | "http://www.opengis.net/def/crs/EPSG/0/4514" | "http://www.opengis.net/def/crs/EPSG/0/4515" | "http://www.opengis.net/def/crs/EPSG/0/4516" | "http://www.opengis.net/def/crs/EPSG/0/4517" | "http://www.opengis.net/def/crs/EPSG/0/4518" | "http://www.opengis.net/def/crs/EPSG/0/4519" | "http://www.opengis.net/def/crs/EPSG/0/4520" | "http://www.opengis.net/def/crs/EPSG/0/4521" | "http://www.opengis.net/def/crs/EPSG/0/4522" | "http://www.opengis.net/def/crs/EPSG/0/4523" | "http://www.opengis.net/def/crs/EPSG/0/4524" | "http://www.opengis.net/def/crs/EPSG/0/4525" | "http://www.opengis.net/def/crs/EPSG/0/4526" | "http://www.opengis.net/def/crs/EPSG/0/4527" | "http://www.opengis.net/def/crs/EPSG/0/4528" | "http://www.opengis.net/def/crs/EPSG/0/4529" | "http://www.opengis.net/def/crs/EPSG/0/4530" | "http://www.opengis.net/def/crs/EPSG/0/4531" | "http://www.opengis.net/def/crs/EPSG/0/4532" | "http://www.opengis.net/def/crs/EPSG/0/4533" | "http://www.opengis.net/def/crs/EPSG/0/4534" | "http://www.opengis.net/def/crs/EPSG/0/4535" | "http://www.opengis.net/def/crs/EPSG/0/4536" | "http://www.opengis.net/def/crs/EPSG/0/4537" | "http://www.opengis.net/def/crs/EPSG/0/4538" | "http://www.opengis.net/def/crs/EPSG/0/4539" | "http://www.opengis.net/def/crs/EPSG/0/4540" | "http://www.opengis.net/def/crs/EPSG/0/4541" | "http://www.opengis.net/def/crs/EPSG/0/4542" | "http://www.opengis.net/def/crs/EPSG/0/4543" | "http://www.opengis.net/def/crs/EPSG/0/4544" | "http://www.opengis.net/def/crs/EPSG/0/4545" | "http://www.opengis.net/def/crs/EPSG/0/4546" | "http://www.opengis.net/def/crs/EPSG/0/4547" | "http://www.opengis.net/def/crs/EPSG/0/4548" | "http://www.opengis.net/def/crs/EPSG/0/4549" | "http://www.opengis.net/def/crs/EPSG/0/4550" | "http://www.opengis.net/def/crs/EPSG/0/4551" | "http://www.opengis.net/def/crs/EPSG/0/4552" | "http://www.opengis.net/def/crs/EPSG/0/4553" | "http://www.opengis.net/def/crs/EPSG/0/4554";
        collectionId: "grids" | "beats" | "pieces" | "addresses" | "incidents" | "staff";
        /** @description The reference system of the body: <uri> */
        contentCrs: string;
        /** @description The reference system of the answer; axes in the order of its authority */
        crs: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857" | "http://www.opengis.net/def/crs/EPSG/0/4491" | "http://www.opengis.net/def/crs/EPSG/0/4492" | "http://www.opengis.net/def/crs/EPSG/0/4493" | "http://www.opengis.net/def/crs/EPSG/0/4494" | "http://www.opengis.net/def/crs/EPSG/0/4495" | "http://www.opengis.net/def/crs/EPSG/0/4496" | "http://www.opengis.net/def/crs/EPSG/0/4497" | "http://www.opengis.net/def/crs/EPSG/0/4498" | "http://www.opengis.net/def/crs/EPSG/0/4499" | "http://www.opengis.net/def/crs/EPSG/0/4500" | "http://www.opengis.net/def/crs/EPSG/0/4501" | "http://www.opengis.net/def/crs/EPSG/0/4502" | "http://www.opengis.net/def/crs/EPSG/0/4503" | "http://www.opengis.net/def/crs/EPSG/0/4504" | "http://www.opengis.net/def/crs/EPSG/0/4505" | "http://www.opengis.net/def/crs/EPSG/0/4506" | "http://www.opengis.net/def/crs/EPSG/0/4507" | "http://www.opengis.net/def/crs/EPSG/0/4508" | "http://www.opengis.net/def/crs/EPSG/0/4509" | "http://www.opengis.net/def/crs/EPSG/0/4510" | "http://www.opengis.net/def/crs/EPSG/0/4511" | "http://www.opengis.net/def/crs/EPSG/0/4512" | "http://www.opengis.net/def/crs/EPSG/0/4513" | "http://www.opengis.net/def/crs/EPSG/0/4514" | "http://www.opengis.net/def/crs/EPSG/0/4515" | "http://www.opengis.net/def/crs/EPSG/0/4516" | "http://www.opengis.net/def/crs/EPSG/0/4517" | "http://www.opengis.net/def/crs/EPSG/0/4518" | "http://www.opengis.net/def/crs/EPSG/0/4519" | "http://www.opengis.net/def/crs/EPSG/0/4520" | "http://www.opengis.net/def/crs/EPSG/0/4521" | "http://www.opengis.net/def/crs/EPSG/0/4522" | "http://www.opengis.net/def/crs/EPSG/0/4523" | "http://www.opengis.net/def/crs/EPSG/0/4524" | "http://www.opengis.net/def/crs/EPSG/0/4525" | "http://www.opengis.net/def/crs/EPSG/0/4526" | "http://www.opengis.net/def/crs/EPSG/0/4527" | "http://www.opengis.net/def/crs/EPSG/0/4528" | "http://www.opengis.net/def/crs/EPSG/0/4529" | "http://www.opengis.net/def/crs/EPSG/0/4530" | "http://www.opengis.net/def/crs/EPSG/0/4531" | "http://www.opengis.net/def/crs/EPSG/0/4532" | "http://www.opengis.net/def/crs/EPSG/0/4533" | "http://www.opengis.net/def/crs/EPSG/0/4534" | "http://www.opengis.net/def/crs/EPSG/0/4535" | "http://www.opengis.net/def/crs/EPSG/0/4536" | "http://www.opengis.net/def/crs/EPSG/0/4537" | "http://www.opengis.net/def/crs/EPSG/0/4538" | "http://www.opengis.net/def/crs/EPSG/0/4539" | "http://www.opengis.net/def/crs/EPSG/0/4540" | "http://www.opengis.net/def/crs/EPSG/0/4541" | "http://www.opengis.net/def/crs/EPSG/0/4542" | "http://www.opengis.net/def/crs/EPSG/0/4543" | "http://www.opengis.net/def/crs/EPSG/0/4544" | "http://www.opengis.net/def/crs/EPSG/0/4545" | "http://www.opengis.net/def/crs/EPSG/0/4546" | "http://www.opengis.net/def/crs/EPSG/0/4547" | "http://www.opengis.net/def/crs/EPSG/0/4548" | "http://www.opengis.net/def/crs/EPSG/0/4549" | "http://www.opengis.net/def/crs/EPSG/0/4550" | "http://www.opengis.net/def/crs/EPSG/0/4551" | "http://www.opengis.net/def/crs/EPSG/0/4552" | "http://www.opengis.net/def/crs/EPSG/0/4553" | "http://www.opengis.net/def/crs/EPSG/0/4554";
        /** @description From a link with rel=next */
        cursor: string;
        /** @description An instant, or an interval start/end with “..” for an open end */
        datetime: string;
        /** @description Representation; beats Accept */
        f: "json" | "html" | "csv" | "fgb" | "geojsonseq";
        /** @description Representation; beats Accept */
        fItem: "json" | "html" | "csv" | "fgb";
        /** @description Representation; beats Accept */
        fPage: "json" | "html";
        /** @description Representation; beats Accept */
        fTable: "json" | "html" | "csv";
        /** @description fid; of pieces GRID~BEAT, percent-encoded */
        featureId: string;
        fid: number;
        /** @description CQL2 over the queryables */
        filter: string;
        /** @description The reference system of the filter's geometries */
        "filter-crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857" | "http://www.opengis.net/def/crs/EPSG/0/4491" | "http://www.opengis.net/def/crs/EPSG/0/4492" | "http://www.opengis.net/def/crs/EPSG/0/4493" | "http://www.opengis.net/def/crs/EPSG/0/4494" | "http://www.opengis.net/def/crs/EPSG/0/4495" | "http://www.opengis.net/def/crs/EPSG/0/4496" | "http://www.opengis.net/def/crs/EPSG/0/4497" | "http://www.opengis.net/def/crs/EPSG/0/4498" | "http://www.opengis.net/def/crs/EPSG/0/4499" | "http://www.opengis.net/def/crs/EPSG/0/4500" | "http://www.opengis.net/def/crs/EPSG/0/4501" | "http://www.opengis.net/def/crs/EPSG/0/4502" | "http://www.opengis.net/def/crs/EPSG/0/4503" | "http://www.opengis.net/def/crs/EPSG/0/4504" | "http://www.opengis.net/def/crs/EPSG/0/4505" | "http://www.opengis.net/def/crs/EPSG/0/4506" | "http://www.opengis.net/def/crs/EPSG/0/4507" | "http://www.opengis.net/def/crs/EPSG/0/4508" | "http://www.opengis.net/def/crs/EPSG/0/4509" | "http://www.opengis.net/def/crs/EPSG/0/4510" | "http://www.opengis.net/def/crs/EPSG/0/4511" | "http://www.opengis.net/def/crs/EPSG/0/4512" | "http://www.opengis.net/def/crs/EPSG/0/4513" | "http://www.opengis.net/def/crs/EPSG/0/4514" | "http://www.opengis.net/def/crs/EPSG/0/4515" | "http://www.opengis.net/def/crs/EPSG/0/4516" | "http://www.opengis.net/def/crs/EPSG/0/4517" | "http://www.opengis.net/def/crs/EPSG/0/4518" | "http://www.opengis.net/def/crs/EPSG/0/4519" | "http://www.opengis.net/def/crs/EPSG/0/4520" | "http://www.opengis.net/def/crs/EPSG/0/4521" | "http://www.opengis.net/def/crs/EPSG/0/4522" | "http://www.opengis.net/def/crs/EPSG/0/4523" | "http://www.opengis.net/def/crs/EPSG/0/4524" | "http://www.opengis.net/def/crs/EPSG/0/4525" | "http://www.opengis.net/def/crs/EPSG/0/4526" | "http://www.opengis.net/def/crs/EPSG/0/4527" | "http://www.opengis.net/def/crs/EPSG/0/4528" | "http://www.opengis.net/def/crs/EPSG/0/4529" | "http://www.opengis.net/def/crs/EPSG/0/4530" | "http://www.opengis.net/def/crs/EPSG/0/4531" | "http://www.opengis.net/def/crs/EPSG/0/4532" | "http://www.opengis.net/def/crs/EPSG/0/4533" | "http://www.opengis.net/def/crs/EPSG/0/4534" | "http://www.opengis.net/def/crs/EPSG/0/4535" | "http://www.opengis.net/def/crs/EPSG/0/4536" | "http://www.opengis.net/def/crs/EPSG/0/4537" | "http://www.opengis.net/def/crs/EPSG/0/4538" | "http://www.opengis.net/def/crs/EPSG/0/4539" | "http://www.opengis.net/def/crs/EPSG/0/4540" | "http://www.opengis.net/def/crs/EPSG/0/4541" | "http://www.opengis.net/def/crs/EPSG/0/4542" | "http://www.opengis.net/def/crs/EPSG/0/4543" | "http://www.opengis.net/def/crs/EPSG/0/4544" | "http://www.opengis.net/def/crs/EPSG/0/4545" | "http://www.opengis.net/def/crs/EPSG/0/4546" | "http://www.opengis.net/def/crs/EPSG/0/4547" | "http://www.opengis.net/def/crs/EPSG/0/4548" | "http://www.opengis.net/def/crs/EPSG/0/4549" | "http://www.opengis.net/def/crs/EPSG/0/4550" | "http://www.opengis.net/def/crs/EPSG/0/4551" | "http://www.opengis.net/def/crs/EPSG/0/4552" | "http://www.opengis.net/def/crs/EPSG/0/4553" | "http://www.opengis.net/def/crs/EPSG/0/4554";
        /** @description How the filter is written; cql-text is what GDAL calls cql2-text */
        "filter-lang": "cql2-text" | "cql2-json" | "cql-text";
        groundId: "grids" | "beats" | "pieces";
        /** @description The ETag that GET gave; without it 428, with a stale one 412 */
        ifMatch: string;
        lat: number;
        /** @description Features of a page; more is clamped */
        limit: number;
        lon: number;
        /** @description The properties to answer; all when absent */
        properties: string[];
        /** @description Sortables; - before a name for descending. Nulls count as the greatest. */
        sortby: string[];
        staffId: number;
        /** @description Only what lies in the area of this code and those below it, of either side and any level; of a code that both sides have, in either */
        within: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    landing: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where a client begins */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    basemapTile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Zoom */
                z: number;
                /** @description Column */
                x: number;
                /** @description Row */
                y: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tile */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": unknown;
                };
            };
            /** @description Nothing is there */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    collections: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All collections */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    incidents: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["f"];
                /** @description Features of a page; more is clamped */
                limit?: components["parameters"]["limit"];
                /** @description Only what lies in the area of this code and those below it, of either side and any level; of a code that both sides have, in either */
                within?: components["parameters"]["within"];
                /** @description West, south, (bottom,) east, north(, top); west > east crosses the antimeridian */
                bbox?: components["parameters"]["bbox"];
                /** @description The reference system of bbox */
                "bbox-crs"?: components["parameters"]["bbox-crs"];
                /** @description An instant, or an interval start/end with “..” for an open end */
                datetime?: components["parameters"]["datetime"];
                /** @description CQL2 over the queryables */
                filter?: components["parameters"]["filter"];
                /** @description How the filter is written; cql-text is what GDAL calls cql2-text */
                "filter-lang"?: components["parameters"]["filter-lang"];
                /** @description The reference system of the filter's geometries */
                "filter-crs"?: components["parameters"]["filter-crs"];
                /** @description Sortables; - before a name for descending. Nulls count as the greatest. */
                sortby?: components["parameters"]["sortby"];
                /** @description The properties to answer; all when absent */
                properties?: components["parameters"]["properties"];
                /** @description The reference system of the answer; axes in the order of its authority */
                crs?: components["parameters"]["crs"];
                /** @description From a link with rel=next */
                cursor?: components["parameters"]["cursor"];
                /** @description Exactly this value (incidents) */
                address?: string;
                /** @description Exactly this value (incidents) */
                beat?: string;
                /** @description Exactly this value (incidents) */
                category?: string;
                /** @description Exactly this value (incidents) */
                code?: string;
                /** @description Exactly this value (incidents) */
                fid?: string;
                /** @description Exactly this value (incidents) */
                grid?: string;
                /** @description Exactly this value (incidents) */
                piece?: string;
                /** @description Exactly this value (incidents) */
                reported_at?: string;
                /** @description Exactly this value (incidents) */
                risk?: string;
                /** @description Exactly this value (incidents) */
                source?: string;
                /** @description Exactly this value (incidents) */
                state?: string;
                /** @description Exactly this value (incidents) */
                title?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page; a link with rel=next leads on. A sequence has no pages: it is all that there is. */
            200: {
                headers: {
                    "Content-Crs"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/flatgeobuf": unknown;
                    "application/geo+json": components["schemas"]["FeatureCollection"];
                    "application/geo+json-seq": string;
                    "text/csv": string;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createIncident: {
        parameters: {
            query?: never;
            header?: {
                /** @description The reference system of the body: <uri> */
                "Content-Crs"?: components["parameters"]["contentCrs"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/geo+json": components["schemas"]["Incident"];
            };
        };
        responses: {
            /** @description It is kept, and on the map */
            201: {
                headers: {
                    ETag?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["incidentsFeature"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getIncident: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fItem"];
                /** @description The reference system of the answer; axes in the order of its authority */
                crs?: components["parameters"]["crs"];
            };
            header?: never;
            path: {
                featureId: components["parameters"]["fid"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The feature */
            200: {
                headers: {
                    "Content-Crs"?: string;
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/flatgeobuf": unknown;
                    "application/geo+json": components["schemas"]["incidentsFeature"];
                    "text/csv": string;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    replaceIncident: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that GET gave; without it 428, with a stale one 412 */
                "If-Match": components["parameters"]["ifMatch"];
                /** @description The reference system of the body: <uri> */
                "Content-Crs"?: components["parameters"]["contentCrs"];
            };
            path: {
                featureId: components["parameters"]["fid"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/geo+json": components["schemas"]["Incident"];
            };
        };
        responses: {
            /** @description The incident as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["incidentsFeature"];
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteIncident: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that GET gave; without it 428, with a stale one 412 */
                "If-Match": components["parameters"]["ifMatch"];
            };
            path: {
                featureId: components["parameters"]["fid"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    updateIncident: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that GET gave; without it 428, with a stale one 412 */
                "If-Match": components["parameters"]["ifMatch"];
                /** @description The reference system of the body: <uri> */
                "Content-Crs"?: components["parameters"]["contentCrs"];
            };
            path: {
                featureId: components["parameters"]["fid"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description The incident as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["incidentsFeature"];
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getStaff: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fItem"];
                /** @description The reference system of the answer; axes in the order of its authority */
                crs?: components["parameters"]["crs"];
            };
            header?: never;
            path: {
                featureId: components["parameters"]["staffId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The feature */
            200: {
                headers: {
                    "Content-Crs"?: string;
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/flatgeobuf": unknown;
                    "application/geo+json": components["schemas"]["staffFeature"];
                    "text/csv": string;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    moveStaff: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that GET gave; without it 428, with a stale one 412 */
                "If-Match": components["parameters"]["ifMatch"];
                /** @description The reference system of the body: <uri> */
                "Content-Crs"?: components["parameters"]["contentCrs"];
            };
            path: {
                featureId: components["parameters"]["staffId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["StaffMove"];
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["staffFeature"];
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    collection: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path: {
                collectionId: components["parameters"]["collectionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One collection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    items: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["f"];
                /** @description Features of a page; more is clamped */
                limit?: components["parameters"]["limit"];
                /** @description Only what lies in the area of this code and those below it, of either side and any level; of a code that both sides have, in either */
                within?: components["parameters"]["within"];
                /** @description West, south, (bottom,) east, north(, top); west > east crosses the antimeridian */
                bbox?: components["parameters"]["bbox"];
                /** @description The reference system of bbox */
                "bbox-crs"?: components["parameters"]["bbox-crs"];
                /** @description An instant, or an interval start/end with “..” for an open end */
                datetime?: components["parameters"]["datetime"];
                /** @description CQL2 over the queryables */
                filter?: components["parameters"]["filter"];
                /** @description How the filter is written; cql-text is what GDAL calls cql2-text */
                "filter-lang"?: components["parameters"]["filter-lang"];
                /** @description The reference system of the filter's geometries */
                "filter-crs"?: components["parameters"]["filter-crs"];
                /** @description Sortables; - before a name for descending. Nulls count as the greatest. */
                sortby?: components["parameters"]["sortby"];
                /** @description The properties to answer; all when absent */
                properties?: components["parameters"]["properties"];
                /** @description The reference system of the answer; axes in the order of its authority */
                crs?: components["parameters"]["crs"];
                /** @description From a link with rel=next */
                cursor?: components["parameters"]["cursor"];
                /** @description Exactly this value (incidents) */
                address?: string;
                /** @description Exactly this value (grids, beats, pieces) */
                addresses?: string;
                /** @description Exactly this value (staff) */
                area?: string;
                /** @description Exactly this value (grids, beats, pieces) */
                area_m2?: string;
                /** @description Exactly this value (pieces, addresses, incidents) */
                beat?: string;
                /** @description Exactly this value (incidents) */
                category?: string;
                /** @description Exactly this value (grids, beats, addresses, incidents, staff) */
                code?: string;
                /** @description Exactly this value (addresses) */
                dwellings?: string;
                /** @description Exactly this value (grids, beats, addresses, incidents, staff) */
                fid?: string;
                /** @description Exactly this value (pieces, addresses, incidents) */
                grid?: string;
                /** @description Exactly this value (pieces) */
                incidents?: string;
                /** @description Exactly this value (grids, beats) */
                incidents_open?: string;
                /** @description Exactly this value (grids, beats) */
                kind?: string;
                /** @description Exactly this value (grids, beats) */
                level?: string;
                /** @description Exactly this value (grids, beats) */
                name?: string;
                /** @description Exactly this value (staff) */
                on_duty?: string;
                /** @description Exactly this value (addresses) */
                organisations?: string;
                /** @description Exactly this value (grids, beats) */
                parent?: string;
                /** @description Exactly this value (pieces, addresses, incidents) */
                piece?: string;
                /** @description Exactly this value (incidents) */
                reported_at?: string;
                /** @description Exactly this value (grids, beats, pieces, addresses) */
                residents?: string;
                /** @description Exactly this value (incidents) */
                risk?: string;
                /** @description Exactly this value (staff) */
                role?: string;
                /** @description Exactly this value (staff) */
                seen_at?: string;
                /** @description Exactly this value (pieces) */
                share_of_beat?: string;
                /** @description Exactly this value (pieces) */
                share_of_grid?: string;
                /** @description Exactly this value (staff) */
                side?: string;
                /** @description Exactly this value (pieces) */
                sliver?: string;
                /** @description Exactly this value (incidents) */
                source?: string;
                /** @description Exactly this value (incidents) */
                state?: string;
                /** @description Exactly this value (addresses) */
                text?: string;
                /** @description Exactly this value (incidents) */
                title?: string;
            };
            header?: never;
            path: {
                collectionId: components["parameters"]["collectionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page; a link with rel=next leads on. A sequence has no pages: it is all that there is. */
            200: {
                headers: {
                    "Content-Crs"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/flatgeobuf": unknown;
                    "application/geo+json": components["schemas"]["FeatureCollection"];
                    "application/geo+json-seq": string;
                    "text/csv": string;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    item: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fItem"];
                /** @description The reference system of the answer; axes in the order of its authority */
                crs?: components["parameters"]["crs"];
            };
            header?: never;
            path: {
                collectionId: components["parameters"]["collectionId"];
                /** @description fid; of pieces GRID~BEAT, percent-encoded */
                featureId: components["parameters"]["featureId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The feature */
            200: {
                headers: {
                    "Content-Crs"?: string;
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/flatgeobuf": unknown;
                    "application/geo+json": components["schemas"]["Feature"];
                    "text/csv": string;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    neighbours: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fTable"];
            };
            header?: never;
            path: {
                collectionId: components["parameters"]["groundId"];
                /** @description fid; of pieces GRID~BEAT, percent-encoded */
                featureId: components["parameters"]["featureId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The longest common border first; 0 metres: they touch in a point. open_m: metres of border to nobody's ground */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        links: components["schemas"]["Link"][];
                        neighbours: ({
                            border_m?: number;
                            code?: string | null;
                            fid?: number;
                            level?: string;
                            name?: string | null;
                        } | {
                            beat?: string | null;
                            border_m?: number;
                            grid?: string | null;
                            piece?: string | null;
                        })[];
                        numberMatched: number;
                        numberReturned: number;
                        open_m?: number;
                    };
                    "text/csv": string;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    neighbourPairs: {
        parameters: {
            query?: {
                /** @description Areas of this level; the areas that are drawn when absent. Not for pieces */
                level?: "province" | "city" | "county" | "town" | "community" | "grid" | "microgrid" | "department" | "bureau" | "subbureau" | "station" | "area" | "beat";
                /** @description Features of a page; more is clamped */
                limit?: components["parameters"]["limit"];
                /** @description From a link with rel=next */
                cursor?: components["parameters"]["cursor"];
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fTable"];
            };
            header?: never;
            path: {
                collectionId: components["parameters"]["groundId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 0 metres: they touch in a point; a link with rel=next leads on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        links: components["schemas"]["Link"][];
                        numberMatched: number;
                        numberReturned: number;
                        open_m?: number;
                        pairs: ({
                            border_m?: number;
                            code?: string | null;
                            fid?: number;
                            neighbour_code?: string;
                            neighbour_fid?: number;
                        } | {
                            border_m?: number;
                            neighbour?: string;
                            piece?: string | null;
                        })[];
                    };
                    "text/csv": string;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    queryables: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path: {
                collectionId: components["parameters"]["collectionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it may be filtered by */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    schema: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path: {
                collectionId: components["parameters"]["collectionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its properties, as JSON Schema */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    sortables: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path: {
                collectionId: components["parameters"]["collectionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it may be sorted by */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    collectionTilesets: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path: {
                collectionId: components["parameters"]["collectionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tilesets of a collection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    collectionTileset: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path: {
                collectionId: components["parameters"]["collectionId"];
                /** @description The tile matrix set. A level of WorldCRS84Quad is one less than that of the same tiles in Tianditu's _c layers */
                tileMatrixSetId: "WebMercatorQuad" | "WorldCRS84Quad";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A tileset of a collection: layers, limits, links */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    collectionTile: {
        parameters: {
            query?: {
                /** @description Representation */
                f?: "mvt";
                /** @description CQL2 over the queryables */
                filter?: components["parameters"]["filter"];
                /** @description How the filter is written; cql-text is what GDAL calls cql2-text */
                "filter-lang"?: components["parameters"]["filter-lang"];
                /** @description The reference system of the filter's geometries */
                "filter-crs"?: components["parameters"]["filter-crs"];
                /** @description An instant, or an interval start/end with “..” for an open end */
                datetime?: components["parameters"]["datetime"];
            };
            header?: never;
            path: {
                collectionId: components["parameters"]["collectionId"];
                /** @description The tile matrix set. A level of WorldCRS84Quad is one less than that of the same tiles in Tianditu's _c layers */
                tileMatrixSetId: "WebMercatorQuad" | "WorldCRS84Quad";
                /** @description Level: the set's tile matrix */
                tileMatrix: number;
                /** @description Row, from the north */
                tileRow: number;
                /** @description Column, from the west */
                tileCol: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tile */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.mapbox-vector-tile": unknown;
                };
            };
            /** @description Nothing is there */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The caller has it */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    conformance: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conformance classes that are met */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    crosswalk: {
        parameters: {
            query?: {
                /** @description Level of the grid's side; the areas that are drawn when absent */
                level?: "province" | "city" | "county" | "town" | "community" | "grid" | "microgrid";
                /** @description Level of the beat's side; the areas that are drawn when absent */
                beat_level?: "department" | "bureau" | "subbureau" | "station" | "area" | "beat";
                /** @description Only this grid (its code) and those below it; empty: only ground that has none */
                grid?: string;
                /** @description Only this beat (its code) and those below it; empty: only ground that has none */
                beat?: string;
                /** @description Features of a page; more is clamped */
                limit?: components["parameters"]["limit"];
                /** @description From a link with rel=next */
                cursor?: components["parameters"]["cursor"];
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fTable"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By grid, then by beat, none first; a link with rel=next leads on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        links: components["schemas"]["Link"][];
                        numberMatched: number;
                        numberReturned: number;
                        open_m?: number;
                        pairs: {
                            addresses?: number;
                            addresses_share_of_beat?: number | null;
                            addresses_share_of_grid?: number | null;
                            area_m2?: number;
                            beat?: string | null;
                            beat_name?: string | null;
                            grid?: string | null;
                            grid_name?: string | null;
                            piece?: string | null;
                            residents?: number;
                            residents_share_of_beat?: number | null;
                            residents_share_of_grid?: number | null;
                            share_of_beat?: number | null;
                            share_of_grid?: number | null;
                        }[];
                    };
                    "text/csv": string;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    glyphs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Fonts */
                stack: string;
                /** @description 0-255, 256-511, … */
                range: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The glyphs of 256 characters */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-protobuf": unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process lives */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    locate: {
        parameters: {
            query: {
                lon: components["parameters"]["lon"];
                lat: components["parameters"]["lat"];
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Outside both layers everything is null */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Located"];
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    locateMany: {
        parameters: {
            query?: {
                /** @description Column of the longitude; guessed when absent */
                lon?: string;
                /** @description Column of the latitude; guessed when absent */
                lat?: string;
                /** @description EPSG:n, GCJ-02 or BD-09; longitude and latitude when absent */
                crs?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/geo+json": string;
                "application/x-ndjson": string;
                "text/csv": string;
            };
        };
        responses: {
            /** @description As the request */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": string;
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counters for Prometheus */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    mismatch: {
        parameters: {
            query?: {
                /** @description Whose areas are ranked; grid when absent */
                layer?: "grid" | "beat";
                /** @description Their level; the areas that are drawn when absent */
                level?: "province" | "city" | "county" | "town" | "community" | "grid" | "microgrid" | "department" | "bureau" | "subbureau" | "station" | "area" | "beat";
                /** @description The level of the other side; the areas that are drawn when absent */
                other_level?: "province" | "city" | "county" | "town" | "community" | "grid" | "microgrid" | "department" | "bureau" | "subbureau" | "station" | "area" | "beat";
                /** @description Only this area (its code) and those below it */
                within?: string;
                /** @description What comes first: the greatest share cut off (of residents, or of ground where nobody lives), the most residents, the most ground; share when absent */
                by?: "share" | "residents" | "area";
                /** @description Features of a page; more is clamped */
                limit?: components["parameters"]["limit"];
                /** @description From a link with rel=next */
                cursor?: components["parameters"]["cursor"];
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fTable"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The worst first. main: who on the other side has most of its residents, or of its ground where nobody lives; cut: the share that main does not have; a link with rel=next leads on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        areas: {
                            addresses_cut?: number;
                            area_m2?: number;
                            area_m2_cut?: number;
                            area_m2_uncovered?: number;
                            code?: string | null;
                            counterparts?: number;
                            cut?: number;
                            incidents_open_cut?: number;
                            level?: string;
                            main?: string | null;
                            main_name?: string | null;
                            name?: string | null;
                            rank?: number;
                            residents?: number;
                            residents_cut?: number;
                            slivers?: number;
                        }[];
                        links: components["schemas"]["Link"][];
                        numberMatched: number;
                        numberReturned: number;
                        open_m?: number;
                    };
                    "text/csv": string;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    nearest: {
        parameters: {
            query: {
                lon: components["parameters"]["lon"];
                lat: components["parameters"]["lat"];
                /** @description How many */
                k?: number;
                /** @description Which rows */
                collection?: "addresses" | "incidents" | "staff";
                /** @description An instant, or an interval start/end with “..” for an open end */
                datetime?: components["parameters"]["datetime"];
                /** @description Incidents of these categories, between commas */
                category?: string;
                /** @description Incidents of these states, between commas: reported, verified, filed, dispatched, handling, feedback, checking, closed, evaluated, rejected, returned, suspended, extended, void, withdrawn, transferred, joint */
                state?: string;
                /** @description Incidents of these risks, between commas: red, yellow, blue */
                risk?: string;
                /** @description Incidents on which somebody still has to act, or not */
                open?: boolean;
                /** @description Staff of this side */
                side?: "grid" | "police";
                /** @description Staff in this role */
                role?: string;
                /** @description Staff on duty, or not; true when absent */
                on_duty?: "true" | "false" | "any";
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nearest first, each with distance_m */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    reference: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    openapi: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.oai.openapi+json;version=3.1": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    raster: {
        parameters: {
            query?: {
                /** @description Metres from one side of a cell to the opposite one */
                size?: number;
                /** @description Only what lies in the area of this code */
                within?: string;
                /** @description West, south, (bottom,) east, north(, top); west > east crosses the antimeridian */
                bbox?: components["parameters"]["bbox"];
                /** @description Features of this department's layer in place of addresses, incidents and staff; bbox-crs, filter, filter-lang, filter-crs and datetime choose some, as among its items */
                collection?: string;
                /** @description Columns of numbers of a department's layer to add up, between commas */
                sum?: string;
                /** @description The reference system of bbox */
                "bbox-crs"?: components["parameters"]["bbox-crs"];
                /** @description CQL2 over the queryables */
                filter?: components["parameters"]["filter"];
                /** @description How the filter is written; cql-text is what GDAL calls cql2-text */
                "filter-lang"?: components["parameters"]["filter-lang"];
                /** @description The reference system of the filter's geometries */
                "filter-crs"?: components["parameters"]["filter-crs"];
                /** @description An instant, or an interval start/end with “..” for an open end */
                datetime?: components["parameters"]["datetime"];
                /** @description Incidents of these categories, between commas */
                category?: string;
                /** @description Incidents of these states, between commas: reported, verified, filed, dispatched, handling, feedback, checking, closed, evaluated, rejected, returned, suspended, extended, void, withdrawn, transferred, joint */
                state?: string;
                /** @description Incidents of these risks, between commas: red, yellow, blue */
                risk?: string;
                /** @description Incidents on which somebody still has to act, or not */
                open?: boolean;
                /** @description Features of a page; more is clamped */
                limit?: components["parameters"]["limit"];
                /** @description From a link with rel=next */
                cursor?: components["parameters"]["cursor"];
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fTable"];
            };
            header?: never;
            path: {
                tiling: "square" | "hexagon";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cells that hold something; a link with rel=next leads on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, never>;
                    "text/csv": string;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The map is loaded and follows the store */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    search: {
        parameters: {
            query: {
                /** @description A name, a code, a piece of an address, or “lon,lat” */
                q: string;
                /** @description Results at most */
                limit?: number;
                /** @description West, south, (bottom,) east, north(, top); west > east crosses the antimeridian */
                bbox?: components["parameters"]["bbox"];
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Best first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Found"];
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    sprite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description File */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A sprite sheet or its index */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    stream: {
        parameters: {
            query?: {
                /** @description Only changes of this collection */
                collection?: string;
                /** @description Only changes in the area of this code and those below it */
                area?: string;
                /** @description West, south, (bottom,) east, north(, top); west > east crosses the antimeridian */
                bbox?: components["parameters"]["bbox"];
                /** @description CQL2 over the queryables */
                filter?: components["parameters"]["filter"];
                /** @description How the filter is written; cql-text is what GDAL calls cql2-text */
                "filter-lang"?: components["parameters"]["filter-lang"];
                /** @description The reference system of the filter's geometries */
                "filter-crs"?: components["parameters"]["filter-crs"];
                /** @description As the header Last-Event-ID, for clients that cannot set it */
                last_event_id?: string;
            };
            header?: {
                /** @description Go on after this change */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Does not end. Each event's data is one of these objects, by its name: change, tiles, enter and exit, lagging, reset. Filters keep to what was or is among what is wanted; filter needs collection, and is CQL2 over its queryables. With collection=staff and an area, a bbox or a filter it is a geofence: enter and exit say who crossed its border. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["ChangeEvent"] | components["schemas"]["TilesEvent"] | components["schemas"]["FenceEvent"] | components["schemas"]["LaggingEvent"] | components["schemas"]["ResetEvent"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    style: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path: {
                /** @description Which */
                name: "light" | "dark" | "print" | "overview";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A MapLibre style */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    summary: {
        parameters: {
            query?: {
                /** @description What to group by */
                by?: "grid" | "beat" | "piece";
                /** @description Level of the areas; those that are drawn when absent */
                level?: "province" | "city" | "county" | "town" | "community" | "grid" | "microgrid" | "department" | "bureau" | "subbureau" | "station" | "area" | "beat";
                /** @description Only what lies in the area of this code */
                within?: string;
                /** @description West, south, (bottom,) east, north(, top); west > east crosses the antimeridian */
                bbox?: components["parameters"]["bbox"];
                /** @description Features of this department's layer in place of addresses, incidents and staff; bbox-crs, filter, filter-lang, filter-crs and datetime choose some, as among its items */
                collection?: string;
                /** @description Columns of numbers of a department's layer to add up, between commas */
                sum?: string;
                /** @description The reference system of bbox */
                "bbox-crs"?: components["parameters"]["bbox-crs"];
                /** @description CQL2 over the queryables */
                filter?: components["parameters"]["filter"];
                /** @description How the filter is written; cql-text is what GDAL calls cql2-text */
                "filter-lang"?: components["parameters"]["filter-lang"];
                /** @description The reference system of the filter's geometries */
                "filter-crs"?: components["parameters"]["filter-crs"];
                /** @description An instant, or an interval start/end with “..” for an open end */
                datetime?: components["parameters"]["datetime"];
                /** @description Incidents of these categories, between commas */
                category?: string;
                /** @description Incidents of these states, between commas: reported, verified, filed, dispatched, handling, feedback, checking, closed, evaluated, rejected, returned, suspended, extended, void, withdrawn, transferred, joint */
                state?: string;
                /** @description Incidents of these risks, between commas: red, yellow, blue */
                risk?: string;
                /** @description Incidents on which somebody still has to act, or not */
                open?: boolean;
                /** @description Incidents of each hour, day or week (from Monday) in place of counts */
                interval?: "hour" | "day" | "week";
                /** @description By whose clocks these begin; +08:00 when absent */
                tz?: string;
                /** @description Features of a page; more is clamped */
                limit?: components["parameters"]["limit"];
                /** @description From a link with rel=next */
                cursor?: components["parameters"]["cursor"];
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fTable"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nulls stand for what lies in none; a link with rel=next leads on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        groups: ({
                            addresses: number;
                            code: string | null;
                            dwellings: number;
                            incidents: number;
                            incidents_open: number;
                            level: string | null;
                            name: string | null;
                            organisations: number;
                            residents: number;
                            staff: number;
                            staff_on_duty: number;
                        } | {
                            addresses: number;
                            beat: string | null;
                            dwellings: number;
                            grid: string | null;
                            incidents: number;
                            incidents_open: number;
                            organisations: number;
                            piece: string | null;
                            residents: number;
                            staff: number;
                            staff_on_duty: number;
                        } | {
                            code: string | null;
                            incidents: number;
                            level: string | null;
                            name: string | null;
                            /** Format: date-time */
                            start: string;
                        } | {
                            beat: string | null;
                            grid: string | null;
                            incidents: number;
                            piece: string | null;
                            /** Format: date-time */
                            start: string;
                        } | {
                            code: string | null;
                            features: number;
                            level: string | null;
                            name: string | null;
                        } | {
                            beat: string | null;
                            features: number;
                            grid: string | null;
                            piece: string | null;
                        } | {
                            code: string | null;
                            features: number;
                            level: string | null;
                            name: string | null;
                            /** Format: date-time */
                            start: string;
                        } | {
                            beat: string | null;
                            features: number;
                            grid: string | null;
                            piece: string | null;
                            /** Format: date-time */
                            start: string;
                        })[];
                        links: components["schemas"]["Link"][];
                        numberMatched: number;
                        numberReturned: number;
                    };
                    "text/csv": string;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    tileMatrixSets: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tile matrix sets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    tileMatrixSet: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path: {
                /** @description The tile matrix set. A level of WorldCRS84Quad is one less than that of the same tiles in Tianditu's _c layers */
                tileMatrixSetId: "WebMercatorQuad" | "WorldCRS84Quad";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The definition of a tile matrix set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    tilesets: {
        parameters: {
            query?: {
                /** @description Which collections; all when it is not there */
                collections?: string[];
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tilesets of the map */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    tilejson: {
        parameters: {
            query?: {
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path: {
                /** @description A comma list of grid, grid_line, grid_label, beat, beat_line, beat_label, piece, fault, resident_density, address, incident, staff */
                layers: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description TileJSON 3.0.0 of some layers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TileJSON"];
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    tile: {
        parameters: {
            query?: {
                /** @description CQL2 over the queryables */
                filter?: components["parameters"]["filter"];
                /** @description How the filter is written; cql-text is what GDAL calls cql2-text */
                "filter-lang"?: components["parameters"]["filter-lang"];
                /** @description The reference system of the filter's geometries */
                "filter-crs"?: components["parameters"]["filter-crs"];
                /** @description An instant, or an interval start/end with “..” for an open end */
                datetime?: components["parameters"]["datetime"];
            };
            header?: never;
            path: {
                /** @description A comma list of grid, grid_line, grid_label, beat, beat_line, beat_label, piece, fault, resident_density, address, incident, staff */
                layers: string;
                /** @description Zoom */
                z: number;
                /** @description Column */
                x: number;
                /** @description Row, with or without .mvt or .pbf */
                y: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tile */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.mapbox-vector-tile": unknown;
                };
            };
            /** @description Nothing is there */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The caller has it */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    tileset: {
        parameters: {
            query?: {
                /** @description Which collections; all when it is not there */
                collections?: string[];
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path: {
                /** @description The tile matrix set. A level of WorldCRS84Quad is one less than that of the same tiles in Tianditu's _c layers */
                tileMatrixSetId: "WebMercatorQuad" | "WorldCRS84Quad";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A tileset of the map: layers, limits, links */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    mapTile: {
        parameters: {
            query?: {
                /** @description Which collections; all when it is not there */
                collections?: string[];
                /** @description Representation */
                f?: "mvt";
                /** @description CQL2 over the queryables */
                filter?: components["parameters"]["filter"];
                /** @description How the filter is written; cql-text is what GDAL calls cql2-text */
                "filter-lang"?: components["parameters"]["filter-lang"];
                /** @description The reference system of the filter's geometries */
                "filter-crs"?: components["parameters"]["filter-crs"];
                /** @description An instant, or an interval start/end with “..” for an open end */
                datetime?: components["parameters"]["datetime"];
            };
            header?: never;
            path: {
                /** @description The tile matrix set. A level of WorldCRS84Quad is one less than that of the same tiles in Tianditu's _c layers */
                tileMatrixSetId: "WebMercatorQuad" | "WorldCRS84Quad";
                /** @description Level: the set's tile matrix */
                tileMatrix: number;
                /** @description Row, from the north */
                tileRow: number;
                /** @description Column, from the west */
                tileCol: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tile */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.mapbox-vector-tile": unknown;
                };
            };
            /** @description Nothing is there */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The caller has it */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    within: {
        parameters: {
            query?: {
                /** @description Metres around a Point */
                radius?: number;
                /** @description What to group by */
                by?: "grid" | "beat" | "piece";
                /** @description Level of the areas; those that are drawn when absent */
                level?: "province" | "city" | "county" | "town" | "community" | "grid" | "microgrid" | "department" | "bureau" | "subbureau" | "station" | "area" | "beat";
                /** @description Which rows */
                collection?: "addresses" | "incidents" | "staff";
                /** @description Columns of numbers of a department's layer to add up, between commas */
                sum?: string;
                /** @description An instant, or an interval start/end with “..” for an open end */
                datetime?: components["parameters"]["datetime"];
                /** @description Incidents of these categories, between commas */
                category?: string;
                /** @description Incidents of these states, between commas: reported, verified, filed, dispatched, handling, feedback, checking, closed, evaluated, rejected, returned, suspended, extended, void, withdrawn, transferred, joint */
                state?: string;
                /** @description Incidents of these risks, between commas: red, yellow, blue */
                risk?: string;
                /** @description Incidents on which somebody still has to act, or not */
                open?: boolean;
                /** @description Staff of this side */
                side?: "grid" | "police";
                /** @description Staff in this role */
                role?: string;
                /** @description Staff on duty, or not; true when absent */
                on_duty?: "true" | "false" | "any";
                /** @description Features of a page; more is clamped */
                limit?: components["parameters"]["limit"];
                /** @description From a link with rel=next */
                cursor?: components["parameters"]["cursor"];
                /** @description Representation; beats Accept */
                f?: components["parameters"]["fPage"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/geo+json": {
                    type: string;
                };
            };
        };
        responses: {
            /** @description Counts; with collection, its features */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, never>;
                    "application/json": {
                        counts?: {
                            addresses: number;
                            dwellings: number;
                            incidents: number;
                            incidents_open: number;
                            organisations: number;
                            residents: number;
                            staff: number;
                            staff_on_duty: number;
                        } | {
                            features: number;
                        };
                        groups?: ({
                            addresses: number;
                            code: string | null;
                            dwellings: number;
                            incidents: number;
                            incidents_open: number;
                            level: string | null;
                            name: string | null;
                            organisations: number;
                            residents: number;
                            staff: number;
                            staff_on_duty: number;
                        } | {
                            addresses: number;
                            beat: string | null;
                            dwellings: number;
                            grid: string | null;
                            incidents: number;
                            incidents_open: number;
                            organisations: number;
                            piece: string | null;
                            residents: number;
                            staff: number;
                            staff_on_duty: number;
                        } | {
                            code: string | null;
                            features: number;
                            level: string | null;
                            name: string | null;
                        } | {
                            beat: string | null;
                            features: number;
                            grid: string | null;
                            piece: string | null;
                        })[];
                    };
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
}
