internal import Incidents
internal import Model

/// How long what a failed repair, or a failed start of the saved plan, left did not serve.
struct RepairOutage: Hashable {
    let begin: Timestamp
    /// When it served again, or a later deployment went on with it, which counts from there; `nil` while it lasts.
    let end: Timestamp?

    /// `deployments` and `incidents` are those of the host. `nil` where nothing tells how long it was.
    init?(_ record: DeploymentRecord, among deployments: [DeploymentRecord], _ incidents: [IncidentRecord]) {
        guard record.trigger.purpose.restarts, record.downtimeMilliseconds == nil,
            record.outcome?.standing.leavesParts == true, let ended = record.ended,
            let begin = record.firstStop ?? record.wentDown?.latest
        else { return nil }
        // One that goes on with the same outage: what ended it tells all of it, and else the first one does.
        let isToldElsewhere = deployments.contains { other in
            guard (other.firstStop ?? other.wentDown?.latest).map({ $0 <= begin }) == true else { return false }
            if other.id > record.id { return other.downtimeMilliseconds != nil }
            return other.id < record.id && other.trigger == record.trigger && other.ended.map { $0 >= begin } == true
        }
        guard !isToldElsewhere else { return nil }
        let left = record.unserved
        let next = deployments.filter { $0.id > record.id && $0.touches(left) }.min { $0.id < $1.id }
        let own = incidents.filter { incident in
            let isOfStart = record.trigger.purpose.startsSavedPlan && IncidentSubject.boot.isSubject(of: incident)
            guard isOfStart || incident.kind == .drift && left.contains(incident.subject) else { return false }
            return incident.closed.map { $0 >= ended } ?? true && incident.since <= next?.started ?? incident.since
        }
        let isOver = own.allSatisfy { $0.closed != nil } && !own.isEmpty
        let over = isOver ? own.compactMap(\.closed).max() : nil
        guard let end = [over, next?.firstStop].compactMap(\.self).min() else {
            // Nobody was told of it: it may have passed by itself.
            guard !own.isEmpty else { return nil }
            self.begin = begin
            self.end = nil
            return
        }
        guard end > begin else { return nil }
        self.begin = begin
        self.end = end
    }

    var milliseconds: Int64? { end.map { $0.milliseconds - begin.milliseconds } }
}

extension DeploymentRecord {
    /// What it was of, and did not see serve.
    fileprivate var unserved: Set<String> {
        let last = Dictionary(containers.map { ($0.container, $0.phase) }) { $1 }
        let down = changes.filter { $0.down != nil }.map(\.subject)
        let touched = last.keys + down
        return Set(touched.filter { name in last[name] != .healthy || hasPassedSince(name) })
    }

    /// Its pass was recorded when it had ended.
    private func hasPassedSince(_ name: String) -> Bool {
        let pass = containers.last { $0.container == name && $0.phase == .healthy }?.time
        guard let pass, let ended else { return false }
        return pass > ended
    }

    fileprivate func touches(_ names: Set<String>) -> Bool {
        containers.contains { names.contains($0.container) && $0.phase != .imageReady }
    }
}
