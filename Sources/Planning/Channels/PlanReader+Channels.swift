internal import Model

extension PlanReader {
    /// How the section of each channel is read.
    private static let channelReaders: [String: @Sendable (PlanCursor, inout ResolvedPlan) -> Void] = [
        ChannelSection.mail.key: { $1.mail = MailPlan(reading: $0) }
    ]

    func readChannels(into plan: inout ResolvedPlan) {
        for section in ChannelSection.all {
            if let cursor = root.section(section.key) { Self.channelReaders[section.key]?(cursor, &plan) }
        }
    }
}
