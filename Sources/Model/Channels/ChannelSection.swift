/// A section of the plan that says how people are notified.
///
/// It is a field of `ResolvedPlan`, as which it is saved and compared; whoever else wants to know of it asks `all`,
/// which stands beside the fields. A section that is not in there is never read.
package struct ChannelSection: Sendable {
    package let key: String
    /// Those of its keys that nobody who reads the repo should read.
    package let passwords: [String]
    /// Those of its keys that reach beyond the containers.
    let reaching: [String]
    /// What the host talks to for it, for people.
    let servers: String
    /// Which of these the policy of a VSN allows; `nil` is all.
    let allowed: @Sendable (VSNPolicy) -> [String]?
    /// `nil` where the plan does not have it.
    let channel: @Sendable (ResolvedPlan) -> ChannelPlan?
    /// Gives a plan what another one says of it; nothing where there is none.
    let copy: @Sendable (ResolvedPlan?, inout ResolvedPlan) -> Void

    /// As the policy of a VSN names them.
    package var reachingKeys: [String] { reaching.map { "/\(key)/\($0)" } }
}

extension ResolvedPlan {
    /// The ways on which people are notified.
    public var channels: [ChannelPlan] { ChannelSection.all.compactMap { $0.channel(self) } }

    package mutating func copyChannels(of other: Self) {
        for section in ChannelSection.all { section.copy(other, &self) }
    }

    /// From now on nobody is notified.
    public mutating func removeChannels() {
        for section in ChannelSection.all { section.copy(nil, &self) }
    }
}
