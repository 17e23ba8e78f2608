internal import Glibc
internal import HostSystem
internal import Planning

/// Whether mail goes out.
struct MailChecks {
    let configuration: VSNConfiguration
    let now: Timestamp

    /// None where no mail is configured and nothing is left over.
    var checks: [HostCheck] {
        let state = configuration.stateDirectory
        return checks("mail", MailQueue(stateDirectory: state), option: "")
            + checks("owner mail", MailQueue(ownerIn: state), option: " --owner")
    }

    private func checks(_ name: String, _ mails: MailQueue, option: String) -> [HostCheck] {
        do {
            let content = try mails.content()
            guard content.isConfigured || !content.waiting.isEmpty || !content.refused.isEmpty else { return [] }
            let directory = option.isEmpty ? "mail" : "owner-mail"
            return [queue(content, name, option)] + confinement(of: directory)
        } catch {
            return [.fail(name, error)]
        }
    }

    private func queue(_ content: MailQueue.Content, _ name: String, _ option: String) -> HostCheck {
        let advice = "'fairlead mail queue\(option)' shows them, 'fairlead mail test\(option)' says what to do"
        guard content.refused.isEmpty else {
            return .warn(name, "the server refused \(content.refused.count.counted("mail"))", advice)
        }
        guard let oldest = content.waiting.first else { return .ok(name, "nothing waits") }
        let age = SpokenDuration.text(milliseconds: now.milliseconds - oldest.since.milliseconds)
        let found = "\(content.waiting.count.counted("mail")) waiting, for up to \(age)"
        let error = content.lastAttempt.map { $0.error.isEmpty ? "" : ": \($0.error)" } ?? ""
        // One that has just been queued is well.
        return now.milliseconds - oldest.since.milliseconds < 600_000
            ? .ok(name, found) : .fail(name, found + error, advice)
    }

    /// Debian's AppArmor profile, which is off unless somebody asked for it, closes our files to msmtp.
    private func confinement(of directory: String) -> [HostCheck] {
        let profile = "usr.bin.msmtp"
        guard access("/sys/module/apparmor/parameters/enabled", F_OK) == 0,
            access("/etc/apparmor.d/\(profile)", F_OK) == 0, access("/etc/apparmor.d/disable/\(profile)", F_OK) != 0
        else { return [] }
        let rule = "owner \(configuration.stateDirectory)/\(directory)/msmtprc r,"
        if let text = (try? HostFile("/etc/apparmor.d/local/\(profile)").read(limit: 64 << 10)).flatMap({ $0 }),
            String(decoding: text, as: UTF8.self).contains(rule)
        {
            return []
        }
        return [
            .warn(
                "mail", "AppArmor may keep msmtp from its settings",
                "add '\(rule)' to /etc/apparmor.d/local/\(profile); 'systemctl reload apparmor'")
        ]
    }
}
