public import Model

/// Copies of the stack's data on its own host, from before a deployment changed it.
public protocol SnapshotKeeping: Sendable {
    /// Those that are whole, of every stack that this host ever ran, the newest first.
    func snapshots() async throws -> [DataSnapshot]
    /// Throws when the copy would not fit. `surplus` are removed where that is what makes room for it.
    func makeRoom(for wanted: NewSnapshot, removing surplus: [DataSnapshot]) async throws
    /// Makes the copy while nothing writes the data. It is whole and on stable storage, or it is not there. `nil`: there is
    /// nothing to copy.
    func take(_ wanted: NewSnapshot, progress: @escaping @Sendable (String) -> Void) async throws -> DataSnapshot?
    func remove(_ snapshots: [DataSnapshot]) async throws
    /// Throws where a copy of the data of `stack` that was there, and is not seen, may be elsewhere, as on a disk that is
    /// not mounted.
    func checkLoss(of stack: String) async throws
}

/// Puts such a copy in place of the data, while no container runs.
public protocol DataExchange: Sendable {
    /// Ends what a crash cut off: an exchange is finished, the rest of a copy is removed.
    func settle() async throws
    /// Throws what keeps `settle` from being right: an exchange is half done that does not put `wanted` back, unless
    /// `finishing` a deployment that was cut off; or a data directory is not what it was when the exchange began.
    func checkSettling(for wanted: DataSnapshot?, finishing: Bool) async throws
    /// Throws what would keep `exchange` from being done.
    func checkExchange(_ snapshot: DataSnapshot) async throws
    /// What is there becomes the snapshot `aside`, which is returned; `snapshot` is used up. After an error all is as it
    /// was; what is cut off is finished by `settle`, as is what could not be undone.
    func exchange(
        _ snapshot: DataSnapshot, settingAside aside: NewSnapshot, progress: @escaping @Sendable (String) -> Void
    ) async throws -> DataSnapshot
    /// Where the data of `snapshot` lies, for people.
    func place(of snapshot: DataSnapshot) -> String
}

/// The record of what copies cost.
public protocol SnapshotJournal: Sendable {
    func record(_ snapshot: SnapshotCost, of deployment: Int64) async throws
}
