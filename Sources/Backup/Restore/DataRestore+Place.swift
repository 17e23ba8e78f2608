public import Files
internal import HostSystem
public import Model

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
            for data in staged where data.kind == .restore || plan.dataNames.contains(data.name) {
                if let change = try Self.place(data, now) { changes.append(change) }
            }
            return changes
        }
    }

    private static func place(_ staged: StagedData, _ now: Timestamp) throws(HostError) -> PlanChange? {
        guard let origin = staged.origin() else {
            // Of an import that was cut off.
            if staged.kind == .import { try staged.remove() }
            return nil
        }
        let isFiles = origin.archive.content != .dump
        if isFiles, try FileStatus.at(staged.files).kind == .missing {
            // In place already: by the import, or before a crash.
            try staged.remove()
            return staged.change("restored", origin, at: now)
        }
        guard try DirectoryContent.names(in: staged.directory).isEmpty else {
            try staged.remove()
            return staged.change("not restored: it was filled meanwhile, and is left as it is")
        }
        guard isFiles else {
            try RestoreMark.set(for: staged.directory)
            return nil
        }
        try staged.putInPlace()
        try staged.remove()
        return staged.change("restored", origin, at: now)
    }

    /// Removes what was fetched and not placed, and empties what was not loaded to its end. Returns the data directories
    /// that should have been restored and are not. What an operator imported waits for the next deployment.
    public func discardData(of stack: String) async throws(HostError) -> Set<String> {
        let directory = stackDirectory(of: stack)
        let staged = try staged(of: stack).filter { $0.kind == .restore }
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
