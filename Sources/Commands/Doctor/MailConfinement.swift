internal import Glibc
internal import Jobs

/// Debian's AppArmor profile, which is off unless somebody asked for it, closes our files to msmtp.
struct MailConfinement {
    let configuration: VSNConfiguration

    /// None of a queue that was never used.
    var checks: [HostCheck] {
        let state = configuration.stateDirectory
        return checks(of: MailQueue(stateDirectory: state), in: "mail")
            + checks(of: MailQueue(ownerIn: state), in: "owner-mail")
    }

    private func checks(of mails: MailQueue, in directory: String) -> [HostCheck] {
        // What cannot be read is told with the queue.
        guard let content = try? mails.content(),
            content.isConfigured || !content.waiting.isEmpty || !content.refused.isEmpty
        else { return [] }
        return confinement(of: directory)
    }

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
