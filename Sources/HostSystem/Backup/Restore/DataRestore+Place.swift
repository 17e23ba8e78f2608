internal import Glibc
public import Planning

extension DataRestore {
    /// Puts what was fetched in place, while no container of `plan` runs; one that is not empty is never touched.
    /// Returns what it filled. What a container has to load itself waits for `loadDumps`.
    public func placeData(of plan: ResolvedPlan) async throws(HostError) -> [PlanChange] {
        let directory = stackDirectory(of: plan.stack)
        let staged = try staged(of: plan.stack)
        let now = now()
        return try await BlockingWork.run("put restored data in place", deadline: .seconds(3600)) {
            () throws(HostError) in
            // Left by a crash; what comes into its place, if anything, is whole.
            for marked in try RestoreMark.directories(in: directory) { try RestoreMark.clear(marked) }
            var changes: [PlanChange] = []
            for data in staged {
                if let change = try Self.place(data, now) { changes.append(change) }
            }
            return changes
        }
    }

    private static func place(_ staged: StagedData, _ now: Timestamp) throws(HostError) -> PlanChange? {
        guard let origin = staged.origin() else { return nil }
        guard try DirectoryContent.names(in: staged.directory).isEmpty else {
            try staged.remove()
            return staged.change("not restored: it was filled meanwhile, and is left as it is")
        }
        guard origin.archive.content != .dump else {
            try RestoreMark.set(for: staged.directory)
            return nil
        }
        try replace(staged.directory, with: staged.files)
        try staged.remove()
        return staged.change("restored", origin, at: now)
    }

    private static func replace(_ directory: String, with files: String) throws(HostError) {
        // The kernel refuses this for one that is not empty.
        guard rmdir(directory) == 0 || errno == ENOENT else {
            throw HostError.failed("replace the empty data directory '\(directory)' by the restored one")
        }
        guard rename(files, directory) == 0 else { throw HostError.failed("put '\(directory)' in place") }
        try Descriptor(PathName.directory(of: directory), O_RDONLY | O_DIRECTORY).sync()
    }

    /// Removes what was fetched and not placed, and empties what was not loaded to its end. Returns the data directories
    /// that should have been restored and are not.
    public func discardData(of stack: String) async throws(HostError) -> Set<String> {
        let directory = stackDirectory(of: stack)
        let staged = try staged(of: stack)
        return try await BlockingWork.run("remove what was fetched", deadline: .seconds(3600)) {
            () throws(HostError) in
            var missed = Set(staged.map(\.name))
            for marked in try RestoreMark.directories(in: directory) {
                missed.insert(PathName.name(of: marked))
                try RestoreMark.clear(marked)
            }
            for data in staged { try data.remove() }
            return missed
        }
    }
}
