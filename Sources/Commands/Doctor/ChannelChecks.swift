internal import Jobs
internal import Model

/// Whether notifications go out.
struct ChannelChecks {
    let channels: HostChannels
    let now: Timestamp

    /// None of a channel that nobody is written to on, and that has nothing left over.
    var checks: [HostCheck] { channels.all.compactMap(check) }

    private func check(of channel: any NotificationChannel) -> HostCheck? {
        do {
            let content = try channel.content()
            guard content.isConfigured || !content.waiting.isEmpty || !content.refused.isEmpty else { return nil }
            return check(of: content, channel.traits)
        } catch {
            return .fail(channel.traits.name, error)
        }
    }

    private func check(of content: ChannelContent, _ traits: ChannelTraits) -> HostCheck {
        guard content.refused.isEmpty else {
            let refused = content.refused.count.counted(traits.message)
            return .warn(traits.name, "the server refused \(refused)", traits.advice)
        }
        guard let oldest = content.waiting.first else { return .ok(traits.name, "nothing waits") }
        let age = SpokenDuration.text(milliseconds: now.milliseconds - oldest.since.milliseconds)
        let found = "\(content.waiting.count.counted(traits.message)) waiting, for up to \(age)"
        let error = content.lastAttempt.map { $0.error.isEmpty ? "" : ": \($0.error)" } ?? ""
        // One that has just been queued is well.
        return now.milliseconds - oldest.since.milliseconds < 600_000
            ? .ok(traits.name, found) : .fail(traits.name, found + error, traits.advice)
    }
}
