public import Files
internal import Glibc
public import Model

/// The data directories of any stack, beside the plan's own: what lies in them, and their renaming.
///
/// A renamed directory has a mark until what runs on it counts as deployed: after a failure, or a crash and a failure,
/// it is renamed back.
public struct StackData: Sendable {
    private let root: String

    public init(host: HostSystem) { root = host.configuration.dataRoot }

    /// What lies in each.
    public func conditions(of places: Set<DataPlace>) async throws(HostError) -> [DataPlace: DataCondition] {
        let root = root
        return try await BlockingWork.run("look at the data directories") { () throws(HostError) in
            var conditions: [DataPlace: DataCondition] = [:]
            for place in places { conditions[place] = try DataDirectories.condition(of: place.path(in: root)) }
            return conditions
        }
    }

    /// Those of `moves` that have to be done: nothing is there yet, and one that it was is. Throws what keeps them from
    /// being done.
    public func renames(for moves: [DataMove]) async throws(HostError) -> [DataRename] {
        let root = root
        return try await BlockingWork.run("look at the data directories") { () throws(HostError) in
            var renames: [DataRename] = []
            for move in moves {
                guard let rename = try DataRename(move, in: root) else { continue }
                try rename.check(in: root)
                renames.append(rename)
            }
            return renames
        }
    }

    /// Does it, whole or not at all; on stable storage when it returns. To be undone until it is kept.
    public func rename(_ rename: DataRename) async throws(HostError) {
        let root = root
        try await BlockingWork.run("rename '\(rename.from.path(in: root))'") { () throws(HostError) in
            try PathName.createDirectories(PathName.directory(of: rename.to.path(in: root)))
            try RenameMark(of: rename.to, in: root).write(rename.from)
            try rename.perform(in: root)
        }
    }

    /// The data directories of `plan` are what they are called from now on.
    public func keepRenames(of plan: ResolvedPlan) async throws(HostError) {
        let root = root
        let places = plan.dataPlaces
        try await BlockingWork.run("keep the renamed data directories") { () throws(HostError) in
            for mark in try RenameMark.all(in: root) where places.contains(mark.place) { try mark.remove() }
        }
    }

    /// Gives every data directory whose renaming was not kept its former name again; returns what it renamed.
    public func undoRenames() async throws(HostError) -> [DataRename] {
        let root = root
        return try await BlockingWork.run("give data directories their former names") { () throws(HostError) in
            var undone: [DataRename] = []
            for mark in try RenameMark.all(in: root) {
                if let former = mark.former() {
                    let back = DataRename(from: mark.place, to: former)
                    if try back.isPossible(in: root) {
                        try PathName.createDirectories(PathName.directory(of: former.path(in: root)))
                        try back.perform(in: root)
                        undone.append(back)
                    }
                }
                try mark.remove()
            }
            return undone
        }
    }
}

extension DataPlace {
    func path(in root: String) -> String { "\(root)/\(stack)/\(name)" }
}
