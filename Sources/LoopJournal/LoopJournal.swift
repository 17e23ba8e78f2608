public import Deploying
public import Incidents
public import Journal
public import Reconciling

// The journal serves every port of the loop as it is. It knows none of them, and tests of the loop need nothing else that
// knows both.

extension Journal: DeploymentJournal {}
extension Journal: ImageLedger {}
extension Journal: SnapshotJournal {}
extension Journal: ReconcilerJournal {}
extension Journal: FailureMemory {}
extension Journal: HostMemory {}
extension Journal: IncidentMemory {}
extension Journal: NotificationMemory {}
extension Journal: DriftMemory {}
extension TrustLedger: TrustMemory {}
extension TrustLedger: FreshnessMemory {}
extension TrustLedger: RotationMemory {}
