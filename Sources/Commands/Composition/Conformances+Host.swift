public import Deploying
public import HostSystem
internal import Planning
public import Reconciling

extension HostSystem: HostPreparation {}
extension HostSystem: HostSettingsControl {}
extension HostSystem: JobControl {}
extension DataRestore: DataRestoring {}
extension ReleaseFileStore: ReleaseFiles {}
extension DataSnapshots: SnapshotKeeping {}
extension DataSnapshots: DataExchange {}
extension StackData: DataRenaming {}
extension HostSystem: SecretStore {}
extension IncidentSpool: IncidentFiles {}
extension HostSystem: ContainerSurroundings {}

/// The host's lock, as everything that acts on the stack takes it.
struct HostGate: HostExclusion {
    let path: String
    let clock: HostClock
    /// For the error of a competitor: `fairlead run`.
    let command: String
    /// How long another holder is waited for.
    let patience: Duration

    func withExclusion<Result: Sendable>(
        for purpose: String, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let lock = try await HostLock.acquire(
            at: path, command: "\(command): \(purpose)", now: clock.now(), wait: patience)
        do {
            let result = try await body()
            _ = consume lock
            return result
        } catch {
            // Explicit, so that the lock is held until the very end of the work.
            _ = consume lock
            throw error
        }
    }
}
