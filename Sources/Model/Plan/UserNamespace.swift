/// Whose user ids the processes of a container have.
public enum UserNamespace: String, Codable, Hashable, Sendable {
    /// Those of the host: root in the container is root where it breaks out.
    case host
    /// Its own, which stand for ids of the host that nothing else has.
    case `private`
}

extension ResolvedPlan {
    /// The ids of the host that those of containers with a user namespace of their own stand for, by container.
    ///
    /// No two containers of a plan share one. All of its containers are counted, so that a range stays with its container for as
    /// long as the plan has the same ones: a container that is made anew meets the files that were written for it.
    public var idRanges: [String: IDRange] {
        var taken: Set<UInt32> = []
        var ranges: [String: IDRange] = [:]
        for name in containers.keys.sorted() {
            var place = IDRange.place(of: hostName(of: name))
            while taken.contains(place), taken.count < IDRange.places { place = (place + 1) % UInt32(IDRange.places) }
            taken.insert(place)
            if containers[name]?.userns == .private { ranges[name] = IDRange(place: place) }
        }
        return ranges
    }
}
