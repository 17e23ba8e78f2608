internal import Backup
public import Deploying
package import Files
public import HostSystem
public import Incidents
public import Jobs
public import Reconciling

extension HostSystem: HostPreparation {}
extension HostSystem: HostSettingsControl {}
extension HostJobs: JobControl {}
extension NetworkBridges: BridgeControl {}
extension DataRestore: DataRestoring {}
extension ReleaseFileStore: ReleaseFiles {}
extension DataSnapshots: SnapshotKeeping {}
extension DataSnapshots: DataExchange {}
extension StackData: DataRenaming {}
extension HostSystem: SecretStore {}
extension IncidentSpool: IncidentFiles {}
extension HostSystem: ContainerSurroundings {}
extension HostGate: HostExclusion {}
