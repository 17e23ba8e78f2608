public import Files
internal import Glibc
public import HostSystem
public import Model

/// Copies of the data of this host's stacks, beside the data, from before a deployment changed it.
///
/// They never leave the host, and are as open as the data itself: to root.
public struct DataSnapshots: Sendable {
    let host: HostSystem
    let now: @Sendable () -> Timestamp

    public init(host: HostSystem, now: @escaping @Sendable () -> Timestamp) {
        self.host = host
        self.now = now
    }

    /// Those that are whole, of every stack that this host ever ran, the newest first.
    public func snapshots() async throws(HostError) -> [DataSnapshot] {
        try await BlockingWork.run("look at the copies of the data") { () throws(HostError) in
            var found: [DataSnapshot] = []
            for place in try places() {
                // What is being exchanged can still be asked for.
                for snapshot in [try place.exchange()?.snapshot, try place.manifest()].compactMap(\.self)
                where !found.contains(where: { $0.run == snapshot.run && $0.stack == snapshot.stack }) {
                    found.append(snapshot)
                }
            }
            return found.sorted { $0.run > $1.run }
        }
    }

    /// Throws where a copy of the data of `stack` that was there, and is not seen, may be elsewhere.
    public func checkLoss(of stack: String) async throws(HostError) {
        try await DataSight(of: stack, on: host).checkLoss()
    }

    public func remove(_ snapshots: [DataSnapshot]) async throws(HostError) {
        guard !snapshots.isEmpty else { return }
        let places = snapshots.map { place($0) }
        try await BlockingWork.run("remove old copies of the data", deadline: .seconds(3600)) { () throws(HostError) in
            for place in places { try place.remove() }
        }
    }

    /// Ends what a crash cut off: an exchange is finished, the rest of a copy is removed.
    public func settle() async throws(HostError) {
        let places = try places()
        for (exchange, directories) in try exchanges() {
            _ = try await exchange.carryOut(in: directories, of: host) { _ in }
        }
        try await BlockingWork.run("end what was cut off", deadline: .seconds(3600)) { () throws(HostError) in
            for place in places where try place.manifest() == nil { try place.remove() }
        }
    }

    /// Where the data of `snapshot` lies, for people.
    public func place(of snapshot: DataSnapshot) -> String { place(snapshot).content }

    func place(_ snapshot: DataSnapshot) -> SnapshotPlace {
        SnapshotPlace(stackDirectory: stackDirectory(snapshot.stack), run: snapshot.run)
    }

    func stackDirectory(_ stack: String) -> String { host.dataDirectories(of: stack).stackDirectory }

    /// A name that no copy of `stack` has.
    func newRun(of stack: String) throws(HostError) -> BackupRunID {
        BackupRunID(at: now(), after: try SnapshotPlace.all(in: stackDirectory(stack)).first?.run)
    }

    /// Those that are half done, with the data directories that they are about.
    func exchanges() throws(HostError) -> [(SnapshotExchange, DataDirectories)] {
        var found: [(SnapshotExchange, DataDirectories)] = []
        for place in try places() {
            guard let exchange = try place.exchange() else { continue }
            found.append((exchange, host.dataDirectories(of: PathName.name(of: place.stackDirectory))))
        }
        return found
    }

    private func places() throws(HostError) -> [SnapshotPlace] {
        let root = host.configuration.dataRoot
        var places: [SnapshotPlace] = []
        for stack in try DirectoryContent.names(in: root).sorted() {
            guard PathName.isPlainName(stack), try FileStatus.at("\(root)/\(stack)").kind == .directory else {
                continue
            }
            places += try SnapshotPlace.all(in: "\(root)/\(stack)")
        }
        return places
    }
}
