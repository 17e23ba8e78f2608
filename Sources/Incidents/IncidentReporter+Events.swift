internal import Logging
internal import Model

/// Events of the health check, which works without the journal and tells people itself, on the channels that it serves.
extension IncidentReporter {
    func importEvents(from files: any IncidentFiles) async {
        do {
            var content = try await files.content()
            for damage in content.damaged { await setAside(damage, in: files) }
            guard !content.incidents.isEmpty else { return }
            if try await notifier.hearsOfChecks() {
                for index in content.incidents.indices { content.incidents[index].event.mail = .due }
            }
            try await memory.importIncidents(content.incidents)
            logger.notice("incidents were recorded", metadata: ["count": "\(content.incidents.count)"])
            // Last: what a crash leaves is imported again, which adds nothing.
            for incident in content.incidents { try await files.drop(incident.file) }
        } catch {
            logger.error("incidents cannot be recorded and wait", metadata: ["error": "\(error)"])
        }
    }

    private func setAside(_ damage: SpoolContent.Damage, in files: any IncidentFiles) async {
        do {
            try await files.setAside(damage.file)
            logger.warning(
                "an incident cannot be understood and is set aside",
                metadata: ["file": "\(damage.file)", "reason": "\(damage.reason)"])
        } catch {
            logger.error("an incident cannot be set aside", metadata: ["error": "\(error)"])
        }
    }
}
