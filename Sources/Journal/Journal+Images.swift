internal import GRDB
internal import Model

/// Which stored images survive a power cut: Podman does not sync what it writes.
extension Journal {
    /// Everything that was recorded as ready for `deployment` is on stable storage now.
    public func storageSynced(for deployment: Int64) async throws(JournalError) {
        try await write("record the images of deployment \(deployment) as synced") { database in
            let images = try String.fetchSet(
                database, sql: "SELECT imageID FROM containerImage WHERE deployment = ?", arguments: [deployment])
            try trust(images, in: database)
        }
    }

    /// Ids of all images that Fairlead brought to this host and that were synced.
    public func imagesOnStableStorage() async throws(JournalError) -> Set<String> {
        try await read("read the images on stable storage") { database in
            try String.fetchSet(database, sql: "SELECT id FROM stableImage")
        }
    }

    /// To be called before an image is removed: pulled again, it has the same id and is not synced yet.
    public func forgetImages(_ ids: Set<String>) async throws(JournalError) {
        try await write("forget images") { database in
            for id in ids {
                try database.execute(sql: "DELETE FROM stableImage WHERE id = ?", arguments: [id])
            }
        }
    }

    func trust(_ images: Set<String>, in database: Database) throws {
        for id in images {
            try database.execute(
                sql: "INSERT OR REPLACE INTO stableImage VALUES (?, ?)", arguments: [id, now().milliseconds])
        }
    }
}
