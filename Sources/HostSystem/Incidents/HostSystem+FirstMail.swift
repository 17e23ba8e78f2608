public import Planning

extension HostSystem {
    /// For a host that never had any: the mail settings of a plan whose deployment failed, and the script that sends,
    /// which no cron job runs yet. Does nothing where mail is configured, or `plan` has no `mail`.
    public func adoptMailSettings(
        of plan: ResolvedPlan, commit: CommitID, deployment: Int64, secrets: Secrets
    ) async throws(HostError) {
        guard plan.mail != nil, try !hasMailSettings else { return }
        try installMailSettings(plan, secrets: secrets)
        let origin = JobScript.Origin(
            version: configuration.programVersion, stack: plan.stack, commit: commit, deployment: deployment)
        try jobFiles.create()
        try jobFiles.write(sendMailJob(over: await commonSettings), from: origin)
    }
}
