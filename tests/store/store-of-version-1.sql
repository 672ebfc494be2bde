-- The store as it was before studies kept what they were about.
CREATE TABLE studies (
  id VARCHAR NOT NULL, created FLOAT NOT NULL, state VARCHAR NOT NULL, question TEXT NOT NULL, machine TEXT, pairs TEXT,
  timing TEXT, verdict TEXT, message TEXT, started FLOAT, ended FLOAT, cancel_requested BOOLEAN NOT NULL,
  worker_pid INTEGER, worker_created FLOAT,
  PRIMARY KEY (id)
);
CREATE INDEX ix_studies_state ON studies (state);
CREATE INDEX ix_studies_created ON studies (created);
CREATE TABLE candidates (
  position INTEGER NOT NULL, study VARCHAR NOT NULL, id VARCHAR NOT NULL, record TEXT NOT NULL,
  PRIMARY KEY (position), UNIQUE (study, id), FOREIGN KEY(study) REFERENCES studies (id) ON DELETE CASCADE
);
CREATE TABLE claims (
  study VARCHAR NOT NULL, candidate VARCHAR NOT NULL,
  PRIMARY KEY (study, candidate), FOREIGN KEY(study) REFERENCES studies (id) ON DELETE CASCADE
);
CREATE TABLE failures (
  study VARCHAR NOT NULL, candidate VARCHAR NOT NULL, record TEXT NOT NULL,
  PRIMARY KEY (study, candidate), FOREIGN KEY(study) REFERENCES studies (id) ON DELETE CASCADE
);
CREATE TABLE layers (
  study VARCHAR NOT NULL, record TEXT NOT NULL,
  PRIMARY KEY (study), FOREIGN KEY(study) REFERENCES studies (id) ON DELETE CASCADE
);
CREATE TABLE news (
  number INTEGER NOT NULL, study VARCHAR NOT NULL, record TEXT NOT NULL,
  PRIMARY KEY (number), FOREIGN KEY(study) REFERENCES studies (id) ON DELETE CASCADE
);
CREATE INDEX ix_news_study ON news (study);
CREATE TABLE threads (
  study VARCHAR NOT NULL, lane VARCHAR NOT NULL, threads INTEGER NOT NULL,
  PRIMARY KEY (study, lane), FOREIGN KEY(study) REFERENCES studies (id) ON DELETE CASCADE
);
PRAGMA user_version = 1;
