internal import Backup
public import Deploying
internal import Files
public import HostSystem
public import Incidents
internal import Planning
public import Reconciling

extension HostSystem: HostPreparation {}
extension HostSystem: HostSettingsControl {}
extension HostSystem: JobControl {}
extension NetworkBridges: BridgeControl {}
extension DataRestore: DataRestoring {}
extension ReleaseFileStore: ReleaseFiles {}
extension DataSnapshots: SnapshotKeeping {}
extension DataSnapshots: DataExchange {}
extension StackData: DataRenaming {}
extension HostSystem: SecretStore {}
extension IncidentSpool: IncidentFiles {}
extension HostSystem: ContainerSurroundings {}
extension HostSystem: PortInsight {}

/// The host's lock, as everything that acts on the stack takes it: a copy of the data that runs gives way.
struct HostGate: HostExclusion {
    let path: String
    let clock: HostClock
    /// For the error of a competitor: `fairlead run`.
    let command: String
    /// How long another holder is waited for.
    let patience: Duration

    /// For a copy of the data.
    var traffic: CopyTraffic {
        CopyTraffic(
            hostLock: path, command: "\(command): copy the data for the backup", patience: patience, now: clock.now)
    }

    func withExclusion<Result: Sendable>(
        for purpose: String, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let copies = CopyLock(beside: path)
        let holder = "\(command): \(purpose)"
        let wish = try await copies.want()
        let lock = try await HostLock.acquire(at: path, command: holder, now: clock.now(), wait: patience)
        let data = try await copies.preempt(command: holder, now: clock.now(), wait: patience)
        _ = consume wish
        do {
            let result = try await body()
            _ = consume data
            _ = consume lock
            return result
        } catch {
            // Explicit, so that the locks are held until the very end of the work.
            _ = consume data
            _ = consume lock
            throw error
        }
    }
}
