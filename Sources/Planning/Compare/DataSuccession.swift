public import Model

/// What becomes of the data directories of a host when one plan follows another; a pure function of both.
public struct DataSuccession: Hashable, Sendable {
    /// A data directory that is new where another one served before.
    struct Beginning: Hashable, Sendable {
        let place: DataPlace
        let former: DataPlace
        /// Of the volume in the merged plan.
        let pointer: String
        /// The plan says that nothing of the former one is wanted.
        let isMeant: Bool
    }

    let plan: ResolvedPlan
    let old: ResolvedPlan?
    /// What may have to be renamed, by name.
    public let moves: [DataMove]
    /// What nothing uses any more.
    let left: [DataPlace]
    /// What would start empty, by name.
    let beginnings: [Beginning]

    /// `old` is what was deployed last; `nil`: nothing ever was.
    public init(from old: ResolvedPlan?, to plan: ResolvedPlan) {
        self.old = old
        self.plan = plan
        let (before, after) = (old?.dataPlaces ?? [], plan.dataPlaces)
        let fresh = after.subtracting(before)
        moves = Self.moves(to: fresh, of: plan, after: old)
        let moved = Set(moves.compactMap(\.inUse))
        left = before.subtracting(after).subtracting(moved).sorted()
        let begun = fresh.subtracting(moves.filter { $0.inUse != nil }.map(\.to))
        beginnings =
            old.map { Self.beginnings(of: begun, in: plan, after: $0, candidates: before.subtracting(moved)) } ?? []
    }

    /// Whether they begin empty depends on what the host has there.
    public var begun: Set<DataPlace> { Set(beginnings.map(\.place)) }

    private static func moves(
        to fresh: Set<DataPlace>, of plan: ResolvedPlan, after old: ResolvedPlan?
    ) -> [DataMove] {
        let (own, former) = (plan.dataPlaces, plan.formerPlaces)
        // What was deployed says how it was called before: a revert of that commit says nothing.
        var reverted: [DataPlace: [DataPlace]] = [:]
        for (name, places) in old?.formerPlaces ?? [:] {
            for place in places { reverted[place, default: []].append(DataPlace(stack: old?.stack ?? "", name: name)) }
        }
        let used = old?.dataPlaces ?? []
        return fresh.sorted().compactMap { place in
            let from = ((former[place.name] ?? []) + (reverted[place] ?? []).sorted())
                .filter { $0 != place && !own.contains($0) }
            guard !from.isEmpty else { return nil }
            return DataMove(to: place, from: from, inUse: from.first(where: used.contains))
        }
    }

    /// Those of `begun` in whose stead another one served.
    private static func beginnings(
        of begun: Set<DataPlace>, in plan: ResolvedPlan, after old: ResolvedPlan, candidates: Set<DataPlace>
    ) -> [Beginning] {
        let (mounts, formerMounts, own) = (plan.dataMounts, old.dataMounts, plan.dataPlaces)
        return begun.sorted().compactMap { place in
            let uses = mounts[place.name] ?? []
            let former = candidates.sorted().first { former in
                let others = formerMounts[former.name] ?? []
                guard own.contains(former) else {
                    return former.name == place.name
                        || uses.contains { use in others.contains(where: use.resembles) }
                }
                // It serves another container from now on.
                return uses.contains { use in
                    others.contains(where: use.replaces)
                        && plan.containers[use.container]?.dataNames.contains(former.name) == false
                }
            }
            guard let former, let first = uses.first else { return nil }
            return Beginning(
                place: place, former: former, pointer: first.pointer, isMeant: uses.contains(where: \.startEmpty))
        }
    }
}
