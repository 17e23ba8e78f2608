internal import Jobs
internal import Model

/// Whether the mail server of the host's owner can be used, before it has to be.
struct OwnerMailCheck {
    let host: HostComposition

    /// None where the owner is not written to.
    func checks() async -> [HostCheck] {
        let mail = host.configuration.ownerMail
        guard let server = mail.smtp else { return [] }
        do {
            try await host.mailTrial.check(mail, host: host.configuration.host)
            let recipients = mail.to.joined(separator: ", ")
            return [.ok("owner mail", "'\(server)' answers; incidents go to \(recipients), whatever the plan says")]
        } catch {
            return [.fail("owner mail", error)]
        }
    }
}
